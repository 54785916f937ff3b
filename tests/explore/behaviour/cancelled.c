/* SPDX-License-Identifier: MIT */
/* Threads that may be cancelled anywhere: where they look at memory, and where they wait for a lock. In C, because a
 * C++ function with something to clean up ends the program then, with and without Ravel. */
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

pthread_mutex_t held_by_another = PTHREAD_MUTEX_INITIALIZER;
void note_cleaned(void* nothing);
void* cancelled_at_work(void* nothing);
void* cancelled_in_lock(void* nothing);

static volatile int looked_at = 0;

void* cancelled_at_work(void* nothing) {
  int old = 0;
  pthread_cleanup_push(note_cleaned, NULL);
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
  for (;;) {
    looked_at = looked_at + 1;
    sched_yield();
  }
  pthread_cleanup_pop(1);
  return nothing;
}

void* cancelled_in_lock(void* nothing) {
  int old = 0;
  pthread_cleanup_push(note_cleaned, NULL);
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
  pthread_mutex_lock(&held_by_another);
  pthread_cleanup_pop(1);
  return nothing;
}
