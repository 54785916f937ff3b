// SPDX-License-Identifier: MIT
// The locker unlocks, also out of order, through a condition wait, and with an errorcheck mutex that refuses.
#include "bodies.hpp"

#include <pthread.h>

#include <chrono>
#include <condition_variable>

namespace {
std::mutex first_lock, second_lock;
std::condition_variable changed;
}  // namespace

RAVEL_PLANTED({.bug = "lock_stranger",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {"helgrind", "drd"},
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "client", [](ravel::worker&) {
                   first_lock.lock();
                   second_lock.lock();
                   first_lock.unlock();
                   second_lock.unlock();
                   std::unique_lock waiting(second_lock);
                   changed.wait_for(waiting, std::chrono::milliseconds(1));
                   pthread_mutexattr_t kind;
                   pthread_mutexattr_init(&kind);
                   pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
                   pthread_mutex_t careful;
                   pthread_mutex_init(&careful, &kind);
                   pthread_mutex_lock(&careful);
                   pthread_mutex_unlock(&careful);
                   pthread_mutex_destroy(&careful);
                   pthread_mutexattr_destroy(&kind);
                 });
                 trial.run();
               }});
