// SPDX-License-Identifier: MIT
// Twin: the flag is set under the lock.
#include "pair.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex lock;
  std::condition_variable changed;
  bool is_set = false;
  trial.thread("waiter", [&](ravel::worker&) {
    std::unique_lock guard(lock);
    while (!is_set) changed.wait(guard);
  });
  trial.thread("setter", [&](ravel::worker&) {
    const std::lock_guard guard(lock);
    is_set = true;
    changed.notify_one();
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "lost_wakeup", .half = explored::half::clean, .body = body});
