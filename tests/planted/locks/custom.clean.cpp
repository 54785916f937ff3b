// SPDX-License-Identifier: MIT
// Annotated locks in one order, and one of them tried: a try-lock says acquired only.
#include "bodies.hpp"

#include <ravel/annotate.h>

namespace {
class spinning_lock {
 public:
  void lock() {
    RAVEL_LOCK_REQUESTED(this, "side");
    while (taken_.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
    RAVEL_LOCK_ACQUIRED(this, "side");
  }
  bool try_lock() {
    if (taken_.exchange(true, std::memory_order_acquire)) return false;
    RAVEL_LOCK_ACQUIRED(this, "side");
    return true;
  }
  void unlock() {
    RAVEL_LOCK_RELEASED(this);
    taken_.store(false, std::memory_order_release);
  }

 private:
  std::atomic<bool> taken_{false};
};
spinning_lock left_lock, right_lock;
}  // namespace

RAVEL_PLANTED({.bug = "lock_custom",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {"helgrind", "drd"},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "orderly", [](ravel::worker&) {
                   std::lock_guard a(left_lock);
                   std::lock_guard b(right_lock);
                 });
                 trial.thread("trying", [](ravel::worker&) {
                   std::lock_guard b(right_lock);
                   if (left_lock.try_lock()) left_lock.unlock();
                 });
                 trial.run();
               }});
