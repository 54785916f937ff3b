// SPDX-License-Identifier: MIT
// What POSIX and libc refuse, they refuse under control as well, and at once: invalid times, locks and threads that
// would wait for themselves.
#include "behaviour.hpp"

#include <cerrno>

#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace {

// By the clock, far away, but with more nanoseconds than a second has.
timespec invalid_time(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return {time.tv_sec + 100, 1'000'000'000};
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "invalid times: conditions and semaphores", .options = {}, .body = [](ravel::trial& trial) {
                   trial.threads(2, "caller", [](ravel::worker& me) {
                     pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
                     pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
                     const timespec real = invalid_time(CLOCK_REALTIME), negative{real.tv_sec, -1};
                     pthread_mutex_lock(&lock);
                     me.require_equal(pthread_cond_timedwait(&condition, &lock, &real), EINVAL, "too many");
                     me.require_equal(pthread_cond_timedwait(&condition, &lock, &negative), EINVAL, "negative");
                     me.require_equal(pthread_cond_clockwait(&condition, &lock, CLOCK_MONOTONIC, &real), EINVAL,
                                      "clockwait");
                     const timespec valid{real.tv_sec, 0};
                     me.require_equal(pthread_cond_clockwait(&condition, &lock, CLOCK_THREAD_CPUTIME_ID, &valid),
                                      EINVAL, "a clock that nobody can wait for");
                     me.require_equal(pthread_mutex_unlock(&lock), 0, "the mutex was kept");
                     sem_t semaphore;
                     sem_init(&semaphore, 0, 0);
                     me.require(sem_timedwait(&semaphore, &real) == -1 && errno == EINVAL, "sem_timedwait");
                     me.require(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &negative) == -1 && errno == EINVAL,
                                "sem_clockwait");
                     sem_destroy(&semaphore);
                     pthread_cond_destroy(&condition);
                     pthread_mutex_destroy(&lock);
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "invalid times: locks", .options = {}, .body = [](ravel::trial& trial) {
                   pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
                   pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
                   pthread_mutex_lock(&lock);
                   pthread_rwlock_wrlock(&shared);
                   trial.threads(2, "caller", [&](ravel::worker& me) {
                     const timespec real = invalid_time(CLOCK_REALTIME);
                     me.require_equal(pthread_mutex_timedlock(&lock, &real), EINVAL, "timedlock");
                     me.require_equal(pthread_mutex_clocklock(&lock, CLOCK_MONOTONIC, &real), EINVAL, "clocklock");
                     me.require_equal(pthread_rwlock_timedrdlock(&shared, &real), EINVAL, "timedrdlock");
                     me.require_equal(pthread_rwlock_timedwrlock(&shared, &real), EINVAL, "timedwrlock");
                     pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
                     me.require_equal(pthread_mutex_timedlock(&own, &real), 0, "a free mutex is taken all the same");
                     me.require_equal(pthread_mutex_unlock(&own), 0, "and given back");
                   });
                   trial.run();
                   pthread_rwlock_unlock(&shared);
                   pthread_mutex_unlock(&lock);
                 }});

RAVEL_BEHAVIOUR({.name = "invalid times: sleeps and futexes", .options = {}, .body = [](ravel::trial& trial) {
                   trial.threads(2, "caller", [](ravel::worker& me) {
                     const timespec much{0, 1'000'000'000}, negative{-1, 0};
                     me.require(nanosleep(&much, nullptr) == -1 && errno == EINVAL, "nanosleep");
                     me.require(nanosleep(&negative, nullptr) == -1 && errno == EINVAL, "nanosleep, negative");
                     me.require_equal(clock_nanosleep(CLOCK_MONOTONIC, 0, &much, nullptr), EINVAL, "clock_nanosleep");
                     me.require_equal(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &much, nullptr), EINVAL,
                                      "a clock that nobody can sleep by");
                     int word = 0;
                     me.require(
                         syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &much, nullptr, 0) == -1 && errno == EINVAL,
                         "a futex");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "who would wait for itself is told", .options = {}, .body = [](ravel::trial& trial) {
                   trial.threads(2, "caller", [](ravel::worker& me) {
                     me.require_equal(pthread_join(pthread_self(), nullptr), EDEADLK, "a join of itself");
                     pthread_mutexattr_t attributes;
                     pthread_mutexattr_init(&attributes);
                     pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
                     pthread_mutex_t lock;
                     pthread_mutex_init(&lock, &attributes);
                     pthread_mutex_lock(&lock);
                     me.require_equal(pthread_mutex_lock(&lock), EDEADLK, "its own");
                     me.require_equal(pthread_mutex_trylock(&lock), EBUSY, "its own, tried");
                     me.require_equal(pthread_mutex_unlock(&lock), 0, "given back");
                     pthread_mutex_destroy(&lock);
                     pthread_mutexattr_destroy(&attributes);
                   });
                   trial.run();
                 }});
