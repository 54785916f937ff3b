// SPDX-License-Identifier: MIT
// Unlocked, destroyed, deleted, in that order.
#include "bodies.hpp"

#include <pthread.h>

namespace {
struct job {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
};
}  // namespace

RAVEL_PLANTED({.bug = "lock_destroyed_held",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {},
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 trial.thread("finisher", [](ravel::worker&) {
                   auto* done = new job;
                   pthread_mutex_lock(&done->lock);
                   pthread_mutex_unlock(&done->lock);
                   pthread_mutex_destroy(&done->lock);
                   delete done;
                 });
                 trial.run();
               }});
