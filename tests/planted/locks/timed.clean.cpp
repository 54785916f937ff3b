// SPDX-License-Identifier: MIT
// The second lock with a time limit, or tried: the threads give up instead of waiting for ever. With Ravel
// between, TSan knows the timed calls that it has no interceptor of its own for. Valgrind's tools do not.
#include "bodies.hpp"

#include <chrono>

namespace {
std::timed_mutex left_lock, right_lock;
int shared_value = 0;
}  // namespace

RAVEL_PLANTED({.bug = "lock_timed",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {"helgrind", "drd"},
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 trial.thread("left", [](ravel::worker&) {
                   std::lock_guard a(left_lock);
                   if (right_lock.try_lock_for(std::chrono::milliseconds(1))) {
                     ++shared_value;
                     right_lock.unlock();
                   }
                 });
                 trial.thread("right", [](ravel::worker&) {
                   std::lock_guard b(right_lock);
                   ++shared_value;
                   if (left_lock.try_lock()) left_lock.unlock();
                 });
                 trial.run();
               }});
