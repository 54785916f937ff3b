// SPDX-License-Identifier: MIT
// Locks of the target's own making, told by annotations, in opposite orders.
#include "bodies.hpp"

#include <ravel/annotate.h>

namespace {
class spinning_lock {
 public:
  explicit spinning_lock(const char* name) : name_(name) {}
  void lock() {
    RAVEL_LOCK_REQUESTED(this, name_);
    while (taken_.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
    RAVEL_LOCK_ACQUIRED(this, name_);
  }
  void unlock() {
    RAVEL_LOCK_RELEASED(this);
    taken_.store(false, std::memory_order_release);
  }

 private:
  const char* name_;
  std::atomic<bool> taken_{false};
};
spinning_lock left_lock("left side"), right_lock("right side");
turns order;
}  // namespace

RAVEL_PLANTED({.bug = "lock_custom",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::lock_order},
               .lanes = {"plain", "thread", "address", "memcheck"},
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 order.start();
                 trial.thread("left", [](ravel::worker&) {
                   order.take(0, [] {
                     std::lock_guard a(left_lock);
                     std::lock_guard b(right_lock);
                   });
                 });
                 trial.thread("right", [](ravel::worker&) {
                   order.take(1, [] {
                     std::lock_guard b(right_lock);
                     std::lock_guard a(left_lock);
                   });
                 });
                 trial.run();
               }});
