// SPDX-License-Identifier: MIT
// main returns while a thread runs. Built with TOUCHES the thread uses what a static destructor takes away: in some
// schedules the destructor sees that and ends the program with 3. Without, the thread waits for ever, and that is
// right.
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

struct registry {
  std::atomic<int> users{0};
  ~registry() {
    if (users.load() != 0) std::_Exit(3);
  }
};

static registry entries;

int main() {
  std::thread([] {
#if defined(TOUCHES)
    entries.users.fetch_add(1);
    entries.users.fetch_sub(1);
#else
    // Never destroyed: whoever waits there is still waiting when main has returned.
    static auto& lock = *new std::mutex;
    static auto& never = *new std::condition_variable;
    std::unique_lock guard(lock);
    for (;;) never.wait(guard);
#endif
  }).detach();
  return 0;
}
