// SPDX-License-Identifier: MIT
// A thread ends on a path that does not unlock.
#include "bodies.hpp"

RAVEL_PLANTED({.bug = "lock_held_at_exit",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::lock_misuse},
               .lanes = {"plain", "thread", "address", "memcheck"},
               .options = {.rounds = 2},
               .body = [](ravel::trial& trial) {
                 std::mutex job_lock;
                 trial.thread("starter", [&](ravel::worker&) {
                   std::thread helper([&] { job_lock.lock(); });
                   helper.join();
                 });
                 trial.run();
               }});
