// SPDX-License-Identifier: MIT
// The other half of condition variables: under control it is the scheduler who chooses whom a signal wakes. And who
// asks for these functions without a version, as DRD's preloaded library does, would get libc's oldest ones, whose
// condition variables have another layout than those that the interception of waiting hands on to. DRD then crashed the
// program in one thread start of two. Thread safety: any thread. Cost: an indirect jump.
#include "control.hpp"
#include "next.hpp"

#include <pthread.h>

RAVEL_NEXT_VERSIONED(int, pthread_cond_signal, "GLIBC_2.3.2", (pthread_cond_t * c), (c))
RAVEL_NEXT_VERSIONED(int, pthread_cond_broadcast, "GLIBC_2.3.2", (pthread_cond_t * c), (c))
RAVEL_NEXT_VERSIONED(int, pthread_cond_init, "GLIBC_2.3.2", (pthread_cond_t * c, const pthread_condattr_t* a), (c, a))
RAVEL_NEXT_VERSIONED(int, pthread_cond_destroy, "GLIBC_2.3.2", (pthread_cond_t * c), (c))

using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_cond_signal, (pthread_cond_t * condition)) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return next_pthread_cond_signal(condition);
  the_execution().point(*self, event_on(operation::signal, condition, RAVEL_CALLER));
  tell_use(condition, RAVEL_CALLER);
  sync_object& queue = the_execution().object(condition);
  if (the_execution().wake(queue, 1) == 0) ++queue.count;  // perhaps for one that a handler keeps away
  return 0;
}
RAVEL_INTERCEPT(int, pthread_cond_broadcast, (pthread_cond_t * condition)) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return next_pthread_cond_broadcast(condition);
  the_execution().point(*self, event_on(operation::broadcast, condition, RAVEL_CALLER));
  tell_use(condition, RAVEL_CALLER);
  sync_object& queue = the_execution().object(condition);
  ++queue.count;
  the_execution().wake(queue, ~0u);
  return 0;
}
RAVEL_INTERCEPT(int, pthread_cond_init, (pthread_cond_t * condition, const pthread_condattr_t* attributes)) {
  return next_pthread_cond_init(condition, attributes);
}
RAVEL_INTERCEPT(int, pthread_cond_destroy, (pthread_cond_t * condition)) {
  return next_pthread_cond_destroy(condition);
}
