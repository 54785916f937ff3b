// SPDX-License-Identifier: MIT
// C11 threads. glibc's mtx_, cnd_ and thrd_ functions are the pthread ones under another name, but call them
// inside libc, past every interception: here they go through the pthread functions, so that Ravel and TSan see
// them, their making and their end included. Sound because glibc defines mtx_t, cnd_t and thrd_t by the same layouts.
#include "lock_events.hpp"
#include "next.hpp"

#include <pthread.h>
#include <sched.h>
#include <threads.h>
#include <time.h>

#include <cstdint>

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t) &&
              sizeof(thrd_t) == sizeof(pthread_t) && sizeof(once_flag) == sizeof(pthread_once_t));

namespace {

int as_c11(int error) noexcept {
  switch (error) {
    case 0: return thrd_success;
    case EBUSY: return thrd_busy;
    case ETIMEDOUT: return thrd_timedout;
    case ENOMEM: return thrd_nomem;
    default: return thrd_error;
  }
}
pthread_mutex_t* as_pthread(mtx_t* mutex) noexcept { return reinterpret_cast<pthread_mutex_t*>(mutex); }
pthread_cond_t* as_pthread(cnd_t* condition) noexcept { return reinterpret_cast<pthread_cond_t*>(condition); }

}  // namespace

RAVEL_INTERCEPT(int, mtx_init, (mtx_t * mutex, int type)) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, (type & mtx_recursive) != 0 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
  const int error = pthread_mutex_init(as_pthread(mutex), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return as_c11(error);
}
RAVEL_INTERCEPT(int, mtx_lock, (mtx_t * mutex)) { return as_c11(pthread_mutex_lock(as_pthread(mutex))); }
RAVEL_INTERCEPT(int, mtx_trylock, (mtx_t * mutex)) { return as_c11(pthread_mutex_trylock(as_pthread(mutex))); }
RAVEL_INTERCEPT(int, mtx_timedlock, (mtx_t * mutex, const timespec* until)) {
  return as_c11(pthread_mutex_timedlock(as_pthread(mutex), until));
}
RAVEL_INTERCEPT(int, mtx_unlock, (mtx_t * mutex)) { return as_c11(pthread_mutex_unlock(as_pthread(mutex))); }
RAVEL_INTERCEPT(void, mtx_destroy, (mtx_t * mutex)) { pthread_mutex_destroy(as_pthread(mutex)); }
RAVEL_INTERCEPT(int, cnd_init, (cnd_t * condition)) {
  return as_c11(pthread_cond_init(as_pthread(condition), nullptr));
}
RAVEL_INTERCEPT(void, cnd_destroy, (cnd_t * condition)) { pthread_cond_destroy(as_pthread(condition)); }
RAVEL_INTERCEPT(int, cnd_wait, (cnd_t * condition, mtx_t* mutex)) {
  return as_c11(pthread_cond_wait(as_pthread(condition), as_pthread(mutex)));
}
RAVEL_INTERCEPT(int, cnd_timedwait, (cnd_t * condition, mtx_t* mutex, const timespec* until)) {
  return as_c11(pthread_cond_timedwait(as_pthread(condition), as_pthread(mutex), until));
}
RAVEL_INTERCEPT(int, cnd_signal, (cnd_t * condition)) { return as_c11(pthread_cond_signal(as_pthread(condition))); }
RAVEL_INTERCEPT(int, cnd_broadcast, (cnd_t * condition)) {
  return as_c11(pthread_cond_broadcast(as_pthread(condition)));
}
RAVEL_INTERCEPT(void, call_once, (once_flag * once, void (*routine)())) {
  pthread_once(reinterpret_cast<pthread_once_t*>(once), routine);
}
RAVEL_INTERCEPT(int, thrd_create, (thrd_t * thread, thrd_start_t start, void* argument)) {
  // The upper half of the result is garbage; thrd_join hands on the lower half only.
  return as_c11(
      pthread_create(thread, nullptr, reinterpret_cast<void* (*)(void*)>(reinterpret_cast<void*>(start)), argument));
}
RAVEL_INTERCEPT(int, thrd_join, (thrd_t thread, int* result)) {
  void* value = nullptr;
  const int error = pthread_join(thread, &value);
  if (error == 0 && result != nullptr) *result = static_cast<int>(reinterpret_cast<std::uintptr_t>(value));
  return as_c11(error);
}
RAVEL_INTERCEPT(int, thrd_detach, (thrd_t thread)) { return as_c11(pthread_detach(thread)); }
RAVEL_INTERCEPT(int, thrd_sleep, (const timespec* span, timespec* left)) {
  if (nanosleep(span, left) == 0) return 0;
  return errno == EINTR ? -1 : -2;
}
RAVEL_INTERCEPT(void, thrd_yield, ()) { sched_yield(); }

extern "C" [[noreturn]] [[gnu::visibility("default")]] void intercepted_thrd_exit(int result) __asm__("thrd_exit");
extern "C" [[noreturn]] [[gnu::visibility("default")]] void intercepted_thrd_exit(int result) {
  pthread_exit(reinterpret_cast<void*>(static_cast<std::uintptr_t>(result)));
}
