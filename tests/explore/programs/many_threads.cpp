// SPDX-License-Identifier: MIT
// Correct: 2,500 threads, or as many as the argument says, one after another.
#include <cstdio>
#include <cstdlib>
#include <pthread.h>

static void* nothing(void*) { return nullptr; }

int main(int count, char** arguments) {
  const int threads = count > 1 ? std::atoi(arguments[1]) : 2500;
  for (int i = 0; i < threads; ++i) {
    pthread_t thread;
    if (const int error = pthread_create(&thread, nullptr, nothing, nullptr)) {
      std::fprintf(stderr, "thread %d: error %d\n", i, error);
      return 1;
    }
    pthread_join(thread, nullptr);
  }
}
