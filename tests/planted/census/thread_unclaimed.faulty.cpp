// SPDX-License-Identifier: MIT
// A thread that has ended is neither joined nor detached on one path, in every other round.
#include "../planted.hpp"

#include <pthread.h>

RAVEL_PLANTED({.bug = "thread_unclaimed",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::thread_unclaimed},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 12},
               .body = [](ravel::trial& trial) {
                 pthread_t one;
                 pthread_create(&one, nullptr, [](void* nothing) { return nothing; }, nullptr);
                 trial.threads(2, "client", [](ravel::worker&) {});
                 trial.run();
                 if (trial.number() % 2 == 0) return;
                 pthread_join(one, nullptr);
               }});
