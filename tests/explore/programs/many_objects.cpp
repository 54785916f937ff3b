// SPDX-License-Identifier: MIT
// Correct: seventy thousand semaphores, each told of by one thread and waited for by nobody.
#include <memory>
#include <thread>

#include <semaphore.h>

int main() {
  constexpr int count = 70'000;
  const auto semaphores = std::make_unique<sem_t[]>(count);
  for (int i = 0; i < count; ++i) sem_init(&semaphores[i], 0, 0);
  std::thread other([&] {
    for (int i = 0; i < count; ++i) sem_post(&semaphores[i]);
  });
  other.join();
  for (int i = 0; i < count; ++i) sem_destroy(&semaphores[i]);
}
