// SPDX-License-Identifier: MIT
// Cancellation: at the points where POSIX has it, with clean-up handlers, destructors and what joining tells.
#include "behaviour.hpp"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace {

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t never = PTHREAD_COND_INITIALIZER;
sem_t nothing;
int ends[2];
std::atomic<int> cleaned{0}, destroyed{0}, reached{0};

struct counted {
  ~counted() { ++destroyed; }
};

void clean(void*) { ++cleaned; }
void unlock(void*) {
  ++cleaned;
  pthread_mutex_unlock(&lock);
}

void* in_condition(void*) {
  counted here;
  pthread_mutex_lock(&lock);
  pthread_cleanup_push(unlock, nullptr);
  for (;;) pthread_cond_wait(&never, &lock);
  pthread_cleanup_pop(1);
  return nullptr;
}
// Waits once, and says so when it came back.
void* in_one_condition(void*) {
  counted here;
  pthread_mutex_lock(&lock);
  pthread_cleanup_push(unlock, nullptr);
  pthread_cond_wait(&never, &lock);
  ++reached;
  pthread_cleanup_pop(1);
  return nullptr;
}
void* in_sleep(void*) {
  counted here;
  pthread_cleanup_push(clean, nullptr);
  for (;;) sleep(100);
  pthread_cleanup_pop(1);
  return nullptr;
}
void* in_semaphore(void*) {
  counted here;
  pthread_cleanup_push(clean, nullptr);
  for (;;) sem_wait(&nothing);
  pthread_cleanup_pop(1);
  return nullptr;
}
void* in_read(void*) {
  counted here;
  pthread_cleanup_push(clean, nullptr);
  char byte;
  for (;;) static_cast<void>(read(ends[0], &byte, 1));
  pthread_cleanup_pop(1);
  return nullptr;
}
void* in_poll(void*) {
  counted here;
  pthread_cleanup_push(clean, nullptr);
  for (;;) poll(nullptr, 0, -1);
  pthread_cleanup_pop(1);
  return nullptr;
}
void* in_pause(void*) {
  counted here;
  pthread_cleanup_push(clean, nullptr);
  for (;;) pause();
  pthread_cleanup_pop(1);
  return nullptr;
}
void* in_loop(void*) {
  counted here;
  pthread_cleanup_push(clean, nullptr);
  for (;;) {
    pthread_testcancel();
    sched_yield();
  }
  pthread_cleanup_pop(1);
  return nullptr;
}
void* with_it_switched_off(void*) {
  counted here;
  pthread_cleanup_push(clean, nullptr);
  int old = 0;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
  usleep(1'000);
  pthread_testcancel();
  ++reached;
  pthread_setcancelstate(old, nullptr);
  for (;;) pthread_testcancel();
  pthread_cleanup_pop(1);
  return nullptr;
}

template <void* (*Function)(void*)>
void cancelled(ravel::trial& trial) {
  sem_init(&nothing, 0, 0);
  trial.require_equal(pipe(ends), 0, "a pipe");
  trial.thread("canceller", [](ravel::worker& me) {
    cleaned = destroyed = reached = 0;
    pthread_t thread;
    pthread_create(&thread, nullptr, Function, nullptr);
    if (me.chance(50)) sched_yield();
    me.require_equal(pthread_cancel(thread), 0, "asked");
    void* result = nullptr;
    me.require_equal(pthread_join(thread, &result), 0, "it ends");
    me.require(result == PTHREAD_CANCELED, "and says why");
    // One that has not begun ends at its first cancellation point, too.
    me.require_equal(cleaned.load(), 1, "cleaned up");
    me.require_equal(destroyed.load(), 1, "destroyed");
  });
  trial.thread("bystander", [](ravel::worker&) { usleep(10); });
  trial.run();
  sem_destroy(&nothing);
  close(ends[0]);
  close(ends[1]);
  trial.require_equal(pthread_mutex_trylock(&lock), 0, "the lock is free");
  pthread_mutex_unlock(&lock);
}

}  // namespace

extern "C" {
extern pthread_mutex_t held_by_another;
void* cancelled_at_work(void*);
void* cancelled_in_lock(void*);
void note_cleaned(void*) {
  ++cleaned;
  ++destroyed;
}
}

RAVEL_BEHAVIOUR({.name = "cancelled in a condition wait", .options = {}, .body = cancelled<in_condition>});
RAVEL_BEHAVIOUR({.name = "cancelled in a sleep", .options = {}, .body = cancelled<in_sleep>});
RAVEL_BEHAVIOUR({.name = "cancelled in a wait for a semaphore", .options = {}, .body = cancelled<in_semaphore>});
RAVEL_BEHAVIOUR({.name = "cancelled in a read", .options = {}, .body = cancelled<in_read>});
RAVEL_BEHAVIOUR({.name = "cancelled in a poll", .options = {}, .body = cancelled<in_poll>});
RAVEL_BEHAVIOUR({.name = "cancelled in a pause", .options = {}, .body = cancelled<in_pause>});
RAVEL_BEHAVIOUR({.name = "cancelled in a loop that tests for it", .options = {}, .body = cancelled<in_loop>});
RAVEL_BEHAVIOUR({.name = "cancelled while it is switched off", .options = {}, .body = cancelled<with_it_switched_off>});

RAVEL_BEHAVIOUR({.name = "cancelled anywhere, at work", .options = {}, .body = cancelled<cancelled_at_work>});
RAVEL_BEHAVIOUR({.name = "cancelled anywhere, in a lock", .options = {}, .body = [](ravel::trial& trial) {
                   pthread_mutex_lock(&held_by_another);
                   cancelled<cancelled_in_lock>(trial);
                   pthread_mutex_unlock(&held_by_another);
                 }});

RAVEL_BEHAVIOUR(
    {.name = "cancelled in a condition wait whose mutex another has", .options = {}, .body = [](ravel::trial& trial) {
       trial.thread("canceller", [](ravel::worker& me) {
         cleaned = reached = 0;
         pthread_t thread;
         pthread_create(&thread, nullptr, in_one_condition, nullptr);
         usleep(100);
         pthread_mutex_lock(&lock);
         pthread_cancel(thread);
         sched_yield();
         pthread_mutex_unlock(&lock);
         void* result = nullptr;
         pthread_join(thread, &result);
         me.require(result == PTHREAD_CANCELED && reached.load() == 0, "it did not come back from the wait");
         me.require_equal(cleaned.load(), 1, "it had the mutex to give back");
       });
       trial.thread("bystander", [](ravel::worker&) { usleep(10); });
       trial.run();
     }});

RAVEL_BEHAVIOUR({.name = "cancelled while it joins another", .options = {}, .body = [](ravel::trial& trial) {
                   sem_init(&nothing, 0, 0);
                   trial.thread("canceller", [](ravel::worker& me) {
                     static pthread_t inner;
                     pthread_t outer;
                     pthread_create(&inner, nullptr, in_semaphore, nullptr);
                     pthread_create(
                         &outer, nullptr, [](void*) -> void* { return pthread_join(inner, nullptr), nullptr; },
                         nullptr);
                     pthread_cancel(outer);
                     void* result = nullptr;
                     pthread_join(outer, &result);
                     me.require(result == PTHREAD_CANCELED, "it did not wait on");
                     pthread_cancel(inner);
                     me.require(pthread_join(inner, &result) == 0 && result == PTHREAD_CANCELED, "nor was it joined");
                   });
                   trial.run();
                   sem_destroy(&nothing);
                 }});

// The mistake that clean-up handlers are for.
RAVEL_BEHAVIOUR({.name = "cancelled with a lock that nobody gives back",
                 .due = ravel::finding_kind::lock_misuse,
                 .options = {.executions = 100},
                 .body = [](ravel::trial& trial) {
                   pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
                   trial.thread("canceller", [&](ravel::worker&) {
                     pthread_t thread;
                     pthread_create(
                         &thread, nullptr,
                         [](void* mutex) -> void* {
                           pthread_mutex_lock(static_cast<pthread_mutex_t*>(mutex));
                           usleep(100);
                           pthread_mutex_unlock(static_cast<pthread_mutex_t*>(mutex));
                           return nullptr;
                         },
                         &own);
                     usleep(1);
                     pthread_cancel(thread);
                     pthread_join(thread, nullptr);
                   });
                   trial.run();
                 }});
