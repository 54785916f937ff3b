// SPDX-License-Identifier: MIT
// pthread mutexes and spin locks, and with them std::mutex and its relatives.
// Where TSan does not know pthread_mutex_clocklock (gcc 12, clang 14), which std::timed_mutex uses, the call
// goes through pthread_mutex_timedlock, or TSan would report races that do not exist.
#include "lock_events.hpp"
#include "next.hpp"
#include "time_limit.hpp"

#include <pthread.h>

RAVEL_NEXT(int, pthread_mutex_lock, (pthread_mutex_t * m), (m))
RAVEL_NEXT(int, pthread_mutex_trylock, (pthread_mutex_t * m), (m))
RAVEL_NEXT(int, pthread_mutex_timedlock, (pthread_mutex_t * m, const timespec* until), (m, until))
RAVEL_NEXT(int, pthread_mutex_clocklock, (pthread_mutex_t * m, clockid_t clock, const timespec* until),
           (m, clock, until))
RAVEL_NEXT(int, pthread_mutex_unlock, (pthread_mutex_t * m), (m))
RAVEL_NEXT(int, pthread_mutex_destroy, (pthread_mutex_t * m), (m))
RAVEL_NEXT(int, pthread_spin_lock, (pthread_spinlock_t * s), (s))
RAVEL_NEXT(int, pthread_spin_trylock, (pthread_spinlock_t * s), (s))
RAVEL_NEXT(int, pthread_spin_unlock, (pthread_spinlock_t * s), (s))
RAVEL_NEXT(int, pthread_spin_destroy, (pthread_spinlock_t * s), (s))

namespace ravel::detail {

namespace {

lock_event mutex_event(const pthread_mutex_t* mutex, request_kind request, std::uintptr_t pc) noexcept {
  const int type = mutex->__data.__kind & 3;  // robust, priority and sharing bits are above
  const lock_kind kind = type == PTHREAD_MUTEX_RECURSIVE_NP    ? lock_kind::recursive_mutex
                         : type == PTHREAD_MUTEX_ERRORCHECK_NP ? lock_kind::errorcheck_mutex
                                                               : lock_kind::mutex;
  return {mutex, pc, lock_mode::exclusive, kind, request, nullptr};
}
lock_event spin_event(pthread_spinlock_t* spin, request_kind request, std::uintptr_t pc) noexcept {
  return {const_cast<const int*>(spin), pc, lock_mode::exclusive, lock_kind::spin, request, nullptr};
}

int clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* until) noexcept {
  if (!is_under_tsan() || is_known_to_sanitizer_pthread_mutex_clocklock() || clock == CLOCK_REALTIME)
    return next_pthread_mutex_clocklock(mutex, clock, until);
  const timespec real = on_realtime_clock(clock, *until);
  return next_pthread_mutex_timedlock(mutex, &real);
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel;
using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_mutex_lock, (pthread_mutex_t * mutex)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_mutex_lock(mutex);
  return tell_acquire(observer, mutex_event(mutex, request_kind::blocking, RAVEL_CALLER),
                      [=] { return next_pthread_mutex_lock(mutex); });
}
RAVEL_INTERCEPT(int, pthread_mutex_trylock, (pthread_mutex_t * mutex)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_mutex_trylock(mutex);
  return tell_acquire(observer, mutex_event(mutex, request_kind::attempt, RAVEL_CALLER),
                      [=] { return next_pthread_mutex_trylock(mutex); });
}
RAVEL_INTERCEPT(int, pthread_mutex_timedlock, (pthread_mutex_t * mutex, const timespec* until)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_mutex_timedlock(mutex, until);
  return tell_acquire(observer, mutex_event(mutex, request_kind::timed, RAVEL_CALLER),
                      [=] { return next_pthread_mutex_timedlock(mutex, until); });
}
RAVEL_INTERCEPT(int, pthread_mutex_clocklock, (pthread_mutex_t * mutex, clockid_t clock, const timespec* until)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return clocklock(mutex, clock, until);
  return tell_acquire(observer, mutex_event(mutex, request_kind::timed, RAVEL_CALLER),
                      [=] { return clocklock(mutex, clock, until); });
}
RAVEL_INTERCEPT(int, pthread_mutex_unlock, (pthread_mutex_t * mutex)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_mutex_unlock(mutex);
  return tell_release(observer, mutex_event(mutex, request_kind::blocking, RAVEL_CALLER),
                      [=] { return next_pthread_mutex_unlock(mutex); });
}
RAVEL_INTERCEPT(int, pthread_mutex_destroy, (pthread_mutex_t * mutex)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_mutex_destroy(mutex);
  return tell_destroy(observer, mutex_event(mutex, request_kind::blocking, RAVEL_CALLER),
                      [=] { return next_pthread_mutex_destroy(mutex); });
}

RAVEL_INTERCEPT(int, pthread_spin_lock, (pthread_spinlock_t * spin)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_spin_lock(spin);
  return tell_acquire(observer, spin_event(spin, request_kind::blocking, RAVEL_CALLER),
                      [=] { return next_pthread_spin_lock(spin); });
}
RAVEL_INTERCEPT(int, pthread_spin_trylock, (pthread_spinlock_t * spin)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_spin_trylock(spin);
  return tell_acquire(observer, spin_event(spin, request_kind::attempt, RAVEL_CALLER),
                      [=] { return next_pthread_spin_trylock(spin); });
}
RAVEL_INTERCEPT(int, pthread_spin_unlock, (pthread_spinlock_t * spin)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_spin_unlock(spin);
  return tell_release(observer, spin_event(spin, request_kind::blocking, RAVEL_CALLER),
                      [=] { return next_pthread_spin_unlock(spin); });
}
RAVEL_INTERCEPT(int, pthread_spin_destroy, (pthread_spinlock_t * spin)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_spin_destroy(spin);
  return tell_destroy(observer, spin_event(spin, request_kind::blocking, RAVEL_CALLER),
                      [=] { return next_pthread_spin_destroy(spin); });
}
