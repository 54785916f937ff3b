// SPDX-License-Identifier: MIT
// Long waits that end: a lock held for a while by another, a join, a phase. None of them is a deadlock.
#include "bodies.hpp"

#include <chrono>

namespace {
std::mutex left_lock;
}  // namespace

RAVEL_PLANTED({.bug = "lock_deadlock",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {},
               .options = {.rounds = 1},
               .body = [](ravel::trial& trial) {
                 meeting holds;
                 trial.thread("slow", [&](ravel::worker&) {
                   guard a(left_lock);
                   holds.arrive(1);
                   std::thread helper([] { std::this_thread::sleep_for(std::chrono::milliseconds(400)); });
                   helper.join();
                 });
                 trial.thread("patient", [&](ravel::worker&) {
                   holds.arrive(1);
                   guard a(left_lock);
                 });
                 trial.run();
               }});
