// SPDX-License-Identifier: MIT
// Threads of a forked process; LOCKED: they do not race.
#include <mutex>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

static int sum = 0;
#ifdef LOCKED
static std::mutex lock;
#endif

static void add() {
#ifdef LOCKED
  const std::lock_guard<std::mutex> guard(lock);
#endif
  ++sum;
}

int main() {
  std::thread([] {}).join();
  if (const pid_t child = fork()) {
    waitpid(child, nullptr, 0);
    return 0;
  }
  std::thread one(add), other(add);
  one.join();
  other.join();
  _exit(0);
}
