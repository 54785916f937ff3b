// SPDX-License-Identifier: MIT
// pthread reader-writer locks, and with them std::shared_mutex. How a lock is released (shared or exclusive)
// is not in the call; the observer knows how its thread holds it.
// The clock variants, which std::shared_timed_mutex uses, are unknown to TSan up to clang 19: see time_limit.hpp.
#include "lock_events.hpp"
#include "next.hpp"
#include "time_limit.hpp"

#include <pthread.h>

RAVEL_NEXT(int, pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l))
RAVEL_NEXT(int, pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l))
RAVEL_NEXT(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t * l), (l))
RAVEL_NEXT(int, pthread_rwlock_trywrlock, (pthread_rwlock_t * l), (l))
RAVEL_NEXT(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t * l, const timespec* until), (l, until))
RAVEL_NEXT(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t * l, const timespec* until), (l, until))
RAVEL_NEXT(int, pthread_rwlock_clockrdlock, (pthread_rwlock_t * l, clockid_t clock, const timespec* until),
           (l, clock, until))
RAVEL_NEXT(int, pthread_rwlock_clockwrlock, (pthread_rwlock_t * l, clockid_t clock, const timespec* until),
           (l, clock, until))
RAVEL_NEXT(int, pthread_rwlock_unlock, (pthread_rwlock_t * l), (l))
RAVEL_NEXT(int, pthread_rwlock_destroy, (pthread_rwlock_t * l), (l))

namespace ravel::detail {

namespace {

lock_event rwlock_event(const pthread_rwlock_t* lock, lock_mode mode, request_kind request,
                        std::uintptr_t pc) noexcept {
  return {lock, pc, mode, lock_kind::rwlock, request, nullptr};
}

int clockrdlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* until) noexcept {
  if (!is_under_tsan() || is_known_to_sanitizer_pthread_rwlock_clockrdlock() || clock == CLOCK_REALTIME)
    return next_pthread_rwlock_clockrdlock(lock, clock, until);
  const timespec real = on_realtime_clock(clock, *until);
  return next_pthread_rwlock_timedrdlock(lock, &real);
}
int clockwrlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* until) noexcept {
  if (!is_under_tsan() || is_known_to_sanitizer_pthread_rwlock_clockwrlock() || clock == CLOCK_REALTIME)
    return next_pthread_rwlock_clockwrlock(lock, clock, until);
  const timespec real = on_realtime_clock(clock, *until);
  return next_pthread_rwlock_timedwrlock(lock, &real);
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel;
using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_rwlock_rdlock(lock);
  return tell_acquire(observer, rwlock_event(lock, lock_mode::shared, request_kind::blocking, RAVEL_CALLER),
                      [=] { return next_pthread_rwlock_rdlock(lock); });
}
RAVEL_INTERCEPT(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_rwlock_wrlock(lock);
  return tell_acquire(observer, rwlock_event(lock, lock_mode::exclusive, request_kind::blocking, RAVEL_CALLER),
                      [=] { return next_pthread_rwlock_wrlock(lock); });
}
RAVEL_INTERCEPT(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t * lock)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_rwlock_tryrdlock(lock);
  return tell_acquire(observer, rwlock_event(lock, lock_mode::shared, request_kind::attempt, RAVEL_CALLER),
                      [=] { return next_pthread_rwlock_tryrdlock(lock); });
}
RAVEL_INTERCEPT(int, pthread_rwlock_trywrlock, (pthread_rwlock_t * lock)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_rwlock_trywrlock(lock);
  return tell_acquire(observer, rwlock_event(lock, lock_mode::exclusive, request_kind::attempt, RAVEL_CALLER),
                      [=] { return next_pthread_rwlock_trywrlock(lock); });
}
RAVEL_INTERCEPT(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t * lock, const timespec* until)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_rwlock_timedrdlock(lock, until);
  return tell_acquire(observer, rwlock_event(lock, lock_mode::shared, request_kind::timed, RAVEL_CALLER),
                      [=] { return next_pthread_rwlock_timedrdlock(lock, until); });
}
RAVEL_INTERCEPT(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t * lock, const timespec* until)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_rwlock_timedwrlock(lock, until);
  return tell_acquire(observer, rwlock_event(lock, lock_mode::exclusive, request_kind::timed, RAVEL_CALLER),
                      [=] { return next_pthread_rwlock_timedwrlock(lock, until); });
}
RAVEL_INTERCEPT(int, pthread_rwlock_clockrdlock, (pthread_rwlock_t * lock, clockid_t clock, const timespec* until)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return clockrdlock(lock, clock, until);
  return tell_acquire(observer, rwlock_event(lock, lock_mode::shared, request_kind::timed, RAVEL_CALLER),
                      [=] { return clockrdlock(lock, clock, until); });
}
RAVEL_INTERCEPT(int, pthread_rwlock_clockwrlock, (pthread_rwlock_t * lock, clockid_t clock, const timespec* until)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return clockwrlock(lock, clock, until);
  return tell_acquire(observer, rwlock_event(lock, lock_mode::exclusive, request_kind::timed, RAVEL_CALLER),
                      [=] { return clockwrlock(lock, clock, until); });
}
RAVEL_INTERCEPT(int, pthread_rwlock_unlock, (pthread_rwlock_t * lock)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_rwlock_unlock(lock);
  return tell_release(observer, rwlock_event(lock, lock_mode::exclusive, request_kind::blocking, RAVEL_CALLER),
                      [=] { return next_pthread_rwlock_unlock(lock); });
}
RAVEL_INTERCEPT(int, pthread_rwlock_destroy, (pthread_rwlock_t * lock)) {
  lock_observer* observer = watching();
  if (observer == nullptr) [[likely]]
    return next_pthread_rwlock_destroy(lock);
  return tell_destroy(observer, rwlock_event(lock, lock_mode::exclusive, request_kind::blocking, RAVEL_CALLER),
                      [=] { return next_pthread_rwlock_destroy(lock); });
}
