// SPDX-License-Identifier: MIT
// The pthread and C11 ways to wait: semaphores, barriers, once, spin locks, condition variables.
#include "behaviour.hpp"

#include <pthread.h>
#include <semaphore.h>
#include <threads.h>
#include <time.h>

#include <cerrno>

namespace {

timespec in_an_hour(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  time.tv_sec += 3600;
  return time;
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "POSIX semaphores", .options = {}, .body = [](ravel::trial& trial) {
                   sem_t places, never;
                   sem_init(&places, 0, 1);
                   sem_init(&never, 0, 0);
                   int counted = 0;
                   trial.threads(3, "user", [&](ravel::worker& me) {
                     sem_wait(&places);
                     ++counted;
                     sem_post(&places);
                     timespec limit = in_an_hour(CLOCK_REALTIME);
                     me.require_equal(sem_timedwait(&places, &limit), 0, "it is free within the hour");
                     ++counted;
                     sem_post(&places);
                     limit = in_an_hour(CLOCK_MONOTONIC);
                     me.require_equal(sem_clockwait(&places, CLOCK_MONOTONIC, &limit), 0, "by the other clock, too");
                     ++counted;
                     sem_post(&places);
                     me.require(sem_trywait(&never) == -1 && errno == EAGAIN, "a try that fails");
                     limit = in_an_hour(CLOCK_REALTIME);
                     me.require(sem_timedwait(&never, &limit) == -1 && errno == ETIMEDOUT, "a wait that times out");
                   });
                   trial.run();
                   int value = 9;
                   sem_getvalue(&places, &value);
                   trial.require_equal(value, 1, "all gave it back");
                   trial.require_equal(counted, 9, "one at a time");
                   sem_destroy(&places);
                   sem_destroy(&never);
                 }});

RAVEL_BEHAVIOUR({.name = "pthread barrier", .options = {}, .body = [](ravel::trial& trial) {
                   pthread_barrier_t all;
                   pthread_barrier_init(&all, nullptr, 3);
                   int written[3] = {}, serials[3] = {};
                   trial.threads(3, "worker", [&](ravel::worker& me) {
                     for (int round = 1; round <= 3; ++round) {
                       written[me.index()] = round;
                       if (pthread_barrier_wait(&all) == PTHREAD_BARRIER_SERIAL_THREAD) ++serials[me.index()];
                       me.require_equal(written[0] + written[1] + written[2], 3 * round, "all are in the round");
                       pthread_barrier_wait(&all);
                     }
                   });
                   trial.run();
                   trial.require_equal(serials[0] + serials[1] + serials[2], 3, "one serial thread a round");
                   pthread_barrier_destroy(&all);
                 }});

namespace {

pthread_once_t posix_once;
once_flag c11_once;
int made = 0, made_c11 = 0;

}  // namespace

RAVEL_BEHAVIOUR({.name = "once, the C ways", .options = {}, .body = [](ravel::trial& trial) {
                   posix_once = PTHREAD_ONCE_INIT;
                   c11_once = ONCE_FLAG_INIT;
                   made = made_c11 = 0;
                   trial.threads(3, "user", [&](ravel::worker& me) {
                     pthread_once(&posix_once, [] {
                       thrd_yield();
                       ++made;
                     });
                     me.require_equal(made, 1, "made once");
                     call_once(&c11_once, [] {
                       thrd_yield();
                       ++made_c11;
                     });
                     me.require_equal(made_c11, 1, "and the other");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "C11 threads", .options = {}, .body = [](ravel::trial& trial) {
                   struct shared {
                     mtx_t lock;
                     cnd_t changed;
                     int stage = 0;
                   } shared;
                   mtx_init(&shared.lock, mtx_plain);
                   cnd_init(&shared.changed);
                   trial.thread("owner", [&](ravel::worker& me) {
                     thrd_t other;
                     thrd_create(
                         &other,
                         [](void* argument) {
                           auto& all = *static_cast<struct shared*>(argument);
                           mtx_lock(&all.lock);
                           while (all.stage != 1) cnd_wait(&all.changed, &all.lock);
                           all.stage = 2;
                           cnd_broadcast(&all.changed);
                           mtx_unlock(&all.lock);
                           thrd_exit(-5);
                           return 0;
                         },
                         &shared);
                     mtx_lock(&shared.lock);
                     shared.stage = 1;
                     cnd_signal(&shared.changed);
                     while (shared.stage != 2) cnd_wait(&shared.changed, &shared.lock);
                     const timespec limit = in_an_hour(CLOCK_REALTIME);
                     me.require_equal(cnd_timedwait(&shared.changed, &shared.lock, &limit),
                                      static_cast<int>(thrd_timedout), "nobody signals any more");
                     mtx_unlock(&shared.lock);
                     const timespec nap{3600, 0};
                     me.require_equal(thrd_sleep(&nap, nullptr), 0, "an hour's sleep");
                     int result = 0;
                     thrd_join(other, &result);
                     me.require_equal(result, -5, "its result");
                   });
                   trial.run();
                   cnd_destroy(&shared.changed);
                   mtx_destroy(&shared.lock);
                 }});

RAVEL_BEHAVIOUR({.name = "spin and reader-writer locks", .options = {}, .body = [](ravel::trial& trial) {
                   pthread_spinlock_t spin;
                   pthread_spin_init(&spin, 0);
                   pthread_rwlock_t both = PTHREAD_RWLOCK_INITIALIZER;
                   int counted = 0, spun = 0;
                   trial.threads(3, "user", [&](ravel::worker& me) {
                     pthread_spin_lock(&spin);
                     ++spun;
                     pthread_spin_unlock(&spin);
                     pthread_rwlock_wrlock(&both);
                     ++counted;
                     pthread_rwlock_unlock(&both);
                     pthread_rwlock_rdlock(&both);
                     pthread_rwlock_rdlock(&both);
                     me.require(counted >= 1, "seen under the lock");
                     pthread_rwlock_unlock(&both);
                     pthread_rwlock_unlock(&both);
                   });
                   trial.run();
                   trial.require_equal(counted + spun, 6, "one at a time");
                   pthread_spin_destroy(&spin);
                 }});
