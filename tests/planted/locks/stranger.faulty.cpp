// SPDX-License-Identifier: MIT
// One thread locks, another unlocks.
#include "bodies.hpp"

#include <pthread.h>

namespace {
pthread_mutex_t job_lock = PTHREAD_MUTEX_INITIALIZER;
}  // namespace

RAVEL_PLANTED({.bug = "lock_stranger",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::lock_misuse},
               .lanes = {"plain", "thread", "address", "memcheck"},
               .options = {.rounds = 2},
               .body = [](ravel::trial& trial) {
                 pthread_mutex_lock(&job_lock);
                 trial.thread("finisher", [](ravel::worker&) { pthread_mutex_unlock(&job_lock); });
                 trial.run();
               }});
