// SPDX-License-Identifier: MIT
// Mutexes whose owners inherit a waiter's priority, or have a ceiling's, plain and robust: glibc's own word in them
// names the owner, which the kernel looks at.
#include "behaviour.hpp"
#include "mutex_of.hpp"

#include <cerrno>
#include <thread>

#include <pthread.h>

namespace {

timespec in_a_thousand_seconds() {
  timespec until{};
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += 1000;
  return until;
}

// Two clients and who waits for both.
void share(ravel::trial& trial, pthread_mutex_t* lock) {
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  int served = 0;
  trial.threads(2, "client", [&](ravel::worker& me) {
    me.require_equal(pthread_mutex_lock(lock), 0, "taken");
    ++served;
    me.require_equal(pthread_mutex_unlock(lock), 0, "given back");
    const timespec until = in_a_thousand_seconds();
    me.require_equal(pthread_mutex_timedlock(lock, &until), 0, "taken in time");
    pthread_cond_signal(&condition);
    me.require_equal(pthread_mutex_unlock(lock), 0, "given back again");
    if (pthread_mutex_trylock(lock) == 0) me.require_equal(pthread_mutex_unlock(lock), 0, "once more");
  });
  trial.thread("waiter", [&](ravel::worker& me) {
    me.require_equal(pthread_mutex_lock(lock), 0, "taken by the waiter");
    while (served != 2) me.require_equal(pthread_cond_wait(&condition, lock), 0, "woken");
    me.require_equal(pthread_mutex_unlock(lock), 0, "given back by the waiter");
  });
  trial.run();
  pthread_cond_destroy(&condition);
}

void recover(ravel::trial& trial, int protocol) {
  trial.thread("owner", [protocol](ravel::worker& me) {
    for (const int type : {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK}) {
      mutex_of lock(protocol, true, type);
      std::thread([&] { pthread_mutex_lock(lock); }).join();
      me.require_equal(pthread_mutex_lock(lock), EOWNERDEAD, "told");
      me.require_equal(pthread_mutex_consistent(lock), 0, "recovered");
      me.require_equal(pthread_mutex_unlock(lock), 0, "given back");
      me.require_equal(pthread_mutex_lock(lock), 0, "as before");
      std::thread([&] { me.require_equal(pthread_mutex_trylock(lock), EBUSY, "held"); }).join();
      me.require_equal(pthread_mutex_unlock(lock), 0, "given back once more");
      std::thread([&] { pthread_mutex_lock(lock); }).join();
      me.require_equal(pthread_mutex_trylock(lock), EOWNERDEAD, "told by trylock");
      me.require_equal(pthread_mutex_unlock(lock), 0, "given back as it is");
      me.require_equal(pthread_mutex_lock(lock), ENOTRECOVERABLE, "never again");
    }
  });
  trial.run();
}

// As a program's own: the owner ends while two others wait, or before they come.
void inherit(ravel::trial& trial, int protocol) {
  mutex_of lock(protocol, true);
  int told = 0;
  trial.thread("starter", [&](ravel::worker&) { std::thread([&] { pthread_mutex_lock(lock); }).join(); });
  trial.threads(2, "waiter", [&](ravel::worker& me) {
    const timespec until = in_a_thousand_seconds();
    const int error = me.index() == 0 ? pthread_mutex_lock(lock) : pthread_mutex_timedlock(lock, &until);
    me.require(error == 0 || error == EOWNERDEAD, "it is taken");
    if (error == EOWNERDEAD) {
      ++told;
      me.require_equal(pthread_mutex_consistent(lock), 0, "recovered");
    }
    me.require_equal(pthread_mutex_unlock(lock), 0, "given back");
  });
  trial.run();
  trial.require(told <= 1, "one of them is told at most");
  if (told == 0) trial.require_equal(pthread_mutex_lock(lock), EOWNERDEAD, "it is still to be told");
  if (told == 0) pthread_mutex_consistent(lock);
  if (told == 0) pthread_mutex_unlock(lock);
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "priority-inheriting mutex", .options = {}, .body = [](ravel::trial& trial) {
                   mutex_of lock(PTHREAD_PRIO_INHERIT, false);
                   share(trial, lock);
                 }});

// A ceiling is for threads with a real-time priority; who has none is refused, with the mutex still free.
RAVEL_BEHAVIOUR(
    {.name = "mutex with a priority ceiling", .options = {.executions = 5}, .body = [](ravel::trial& trial) {
       mutex_of lock(PTHREAD_PRIO_PROTECT, false);
       trial.threads(2, "client", [&](ravel::worker& me) {
         for (int i = 0; i < 3; ++i) {
           const int error = i == 2 ? pthread_mutex_trylock(lock) : pthread_mutex_lock(lock);
           me.require(error == 0 || error == EINVAL || error == EPERM || (i == 2 && error == EBUSY), "asked");
           if (error == 0) me.require_equal(pthread_mutex_unlock(lock), 0, "given back");
         }
       });
       trial.run();
     }});

RAVEL_BEHAVIOUR({.name = "robust priority-inheriting mutex: recovered", .options = {}, .body = [](ravel::trial& trial) {
                   recover(trial, PTHREAD_PRIO_INHERIT);
                 }});

RAVEL_BEHAVIOUR({.name = "robust priority-inheriting mutex: two wait", .options = {}, .body = [](ravel::trial& trial) {
                   inherit(trial, PTHREAD_PRIO_INHERIT);
                 }});
