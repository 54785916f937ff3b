// SPDX-License-Identifier: MIT
// Planted: the flag is set without the lock, so that it can change between the look at it and the wait.
#include "pair.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex lock;
  std::condition_variable changed;
  std::atomic<bool> is_set{false};
  trial.thread("waiter", [&](ravel::worker&) {
    std::unique_lock guard(lock);
    while (!is_set) changed.wait(guard);
  });
  trial.thread("setter", [&](ravel::worker&) {
    is_set = true;
    changed.notify_one();
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "lost_wakeup",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::lost_wakeup, ravel::finding_kind::deadlock},
                .is_found_in_plain = true,
                .body = body});
