// SPDX-License-Identifier: MIT
// Correct: 70,000 semaphores, or as many as the argument says, each told of by one thread and waited for by nobody.
#include <cstdlib>
#include <memory>
#include <thread>

#include <semaphore.h>

int main(int arguments, char** argument) {
  const int count = arguments > 1 ? std::atoi(argument[1]) : 70'000;
  const auto semaphores = std::make_unique<sem_t[]>(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) sem_init(&semaphores[i], 0, 0);
  std::thread other([&] {
    for (int i = 0; i < count; ++i) sem_post(&semaphores[i]);
  });
  other.join();
  for (int i = 0; i < count; ++i) sem_destroy(&semaphores[i]);
}
