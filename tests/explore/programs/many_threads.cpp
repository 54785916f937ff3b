// SPDX-License-Identifier: MIT
// Correct: 2,500 threads, one after another.
#include <cstdio>
#include <pthread.h>

static void* nothing(void*) { return nullptr; }

int main() {
  for (int i = 0; i < 2500; ++i) {
    pthread_t thread;
    if (const int error = pthread_create(&thread, nullptr, nothing, nullptr)) {
      std::fprintf(stderr, "thread %d: error %d\n", i, error);
      return 1;
    }
    pthread_join(thread, nullptr);
  }
}
