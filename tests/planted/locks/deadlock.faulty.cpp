// SPDX-License-Identifier: MIT
// A real deadlock, made certain: both threads hold their first lock before either asks for the second.
#include "bodies.hpp"

namespace {
std::mutex left_lock, right_lock;
}  // namespace

RAVEL_PLANTED({.bug = "lock_deadlock",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::deadlock},
               .lanes = {"plain", "thread", "address", "memcheck"},
               .options = {.rounds = 1},
               .body = [](ravel::trial& trial) {
                 meeting both_hold;
                 trial.thread("left", [&](ravel::worker&) {
                   guard a(left_lock);
                   both_hold.arrive(2);
                   guard b(right_lock);
                 });
                 trial.thread("right", [&](ravel::worker&) {
                   guard b(right_lock);
                   both_hold.arrive(2);
                   guard a(left_lock);
                 });
                 trial.run();
               }});
