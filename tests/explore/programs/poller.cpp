// SPDX-License-Identifier: MIT
// A thread that polls for ever, and writes, does not keep main asleep. FOR_EVER: main waits for what never comes.
#include <atomic>
#include <thread>

#include <unistd.h>

static std::atomic<long> looks{0};

int main() {
  std::thread([] {
    for (;;) {
      ++looks;
      std::this_thread::yield();
    }
  }).detach();
  usleep(10'000);
  sleep(10);
#ifdef FOR_EVER
  while (looks >= 0) std::this_thread::yield();
#endif
  _exit(0);
}
