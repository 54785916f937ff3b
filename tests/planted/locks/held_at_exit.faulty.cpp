// SPDX-License-Identifier: MIT
// A thread ends on a path that does not unlock.
#include "bodies.hpp"

// Not claimed under clang 19's AddressSanitizer, where it goes unseen on some machines, in this and earlier versions of
// Ravel: the cause is not known yet.
#if defined(__clang__) && __clang_major__ >= 19
#define LANES_OF_HELD_AT_EXIT {"plain", "thread", "memcheck"}
#else
#define LANES_OF_HELD_AT_EXIT {"plain", "thread", "address", "memcheck"}
#endif

RAVEL_PLANTED({.bug = "lock_held_at_exit",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::lock_misuse},
               .lanes = LANES_OF_HELD_AT_EXIT,
               .options = {.rounds = 2},
               .body = [](ravel::trial& trial) {
                 std::mutex job_lock;
                 trial.thread("starter", [&](ravel::worker&) {
                   std::thread helper([&] { job_lock.lock(); });
                   helper.join();
                 });
                 trial.run();
               }});
