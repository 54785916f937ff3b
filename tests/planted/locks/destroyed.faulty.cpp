// SPDX-License-Identifier: MIT
// An object is deleted by the thread that holds its lock.
#include "bodies.hpp"

#include <pthread.h>

namespace {
struct job {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
};
}  // namespace

RAVEL_PLANTED({.bug = "lock_destroyed_held",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::lock_misuse},
               .lanes = {"plain", "thread", "address"},
               .options = {.rounds = 2},
               .body = [](ravel::trial& trial) {
                 trial.thread("finisher", [](ravel::worker&) {
                   auto* done = new job;
                   pthread_mutex_lock(&done->lock);
                   delete done;
                 });
                 trial.run();
               }});
