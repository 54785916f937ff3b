// SPDX-License-Identifier: MIT
// Timed mutexes, but locked without a limit, in opposite orders.
#include "bodies.hpp"

namespace {
std::timed_mutex left_lock, right_lock;
turns order;
}  // namespace

RAVEL_PLANTED({.bug = "lock_timed",
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
