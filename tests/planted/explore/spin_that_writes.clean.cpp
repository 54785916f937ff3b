// SPDX-License-Identifier: MIT
// As in the other half, but the count falls before the lock is asked for.
#include "pair.hpp"

#include <atomic>
#include <mutex>
#include <thread>

namespace {

void body(ravel::trial& trial) {
  std::mutex lock;
  std::atomic<int> users{1};
  trial.thread("poller", [&](ravel::worker&) {
    const std::lock_guard guard(lock);
    for (;;) {
      const int others = users.fetch_add(1);
      users.fetch_sub(1);
      if (others == 0) break;
      std::this_thread::yield();
    }
  });
  trial.thread("user", [&](ravel::worker&) {
    users.fetch_sub(1);
    const std::lock_guard guard(lock);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "spin_that_writes", .half = explored::half::clean, .body = body});
