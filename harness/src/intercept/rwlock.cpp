// SPDX-License-Identifier: MIT
// pthread reader-writer locks, and with them std::shared_mutex. How a lock is released (shared or exclusive)
// is not in the call; the observer knows how its thread holds it.
// The clock variants, which std::shared_timed_mutex uses, are unknown to TSan up to clang 19: see time_limit.hpp.
#include "alone.hpp"
#include "control.hpp"
#include "next.hpp"
#include "time_limit.hpp"

#include "engine/virtual_clock.hpp"

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
  if (!has_tsan() || is_known_to_sanitizer_pthread_rwlock_clockrdlock() || clock == CLOCK_REALTIME)
    return next_pthread_rwlock_clockrdlock(lock, clock, until);
  const timespec real = on_realtime_clock(clock, *until);
  return next_pthread_rwlock_timedrdlock(lock, &real);
}
int clockwrlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* until) noexcept {
  if (!has_tsan() || is_known_to_sanitizer_pthread_rwlock_clockwrlock() || clock == CLOCK_REALTIME)
    return next_pthread_rwlock_clockwrlock(lock, clock, until);
  const timespec real = on_realtime_clock(clock, *until);
  return next_pthread_rwlock_timedwrlock(lock, &real);
}

bool is_held(const pthread_rwlock_t* lock) noexcept {
  return lock->__data.__cur_writer != 0 || (lock->__data.__readers >> 3) != 0;
}

void take(pthread_rwlock_t* lock, operation how, std::uintptr_t pc) noexcept {
  controlled_thread* self = in_control();
  if (self == nullptr) return;
  sync_object& object = the_execution().object(lock);
  match_reality(object, is_held(lock));
  the_execution().take(*self, event_on(how, lock, pc), object);
}

bool try_take(pthread_rwlock_t* lock, operation how, std::uintptr_t pc) noexcept {
  controlled_thread* self = in_control();
  if (self == nullptr) return true;
  sync_object& object = the_execution().object(lock);
  match_reality(object, is_held(lock));
  return the_execution().try_take(*self, event_on(how, lock, pc), object);
}

// Calls `call` when not under control, else `at_once` when the lock could be had in time.
template <class Call, class AtOnce>
int take_before(pthread_rwlock_t* lock, operation how, clockid_t clock, const timespec* until, std::uintptr_t pc,
                Call call, AtOnce at_once) noexcept {
  controlled_thread* self = in_control();
  if (self == nullptr || !is_valid_time(*until)) return call();  // which refuses the time before it looks at the lock
  sync_object& object = the_execution().object(lock);
  match_reality(object, is_held(lock));
  if (!the_execution().take_before(*self, event_on(how, lock, pc), object, virtual_deadline(clock, *until)))
    return ETIMEDOUT;
  return at_once();
}

int unlock(pthread_rwlock_t* lock, std::uintptr_t pc) noexcept {
  const int error = next_pthread_rwlock_unlock(lock);
  controlled_thread* self = error == 0 ? in_control() : nullptr;
  if (self == nullptr) return error;
  the_execution().give_up(*self, the_execution().object(lock));
  the_execution().point(*self, event_on(operation::unlock, lock, pc));
  return 0;
}

void give_back_rwlock(void* lock) noexcept { next_pthread_rwlock_unlock(static_cast<pthread_rwlock_t*>(lock)); }

// Nobody else can give it up: EBUSY then.
[[gnu::noinline]] int read_alone(pthread_rwlock_t* lock) noexcept {
  const int error = next_pthread_rwlock_tryrdlock(lock);
  if (error == 0) took_alone(lock, give_back_rwlock);
  return error;
}
[[gnu::noinline]] int write_alone(pthread_rwlock_t* lock) noexcept {
  const int error = next_pthread_rwlock_trywrlock(lock);
  if (error == 0) took_alone(lock, give_back_rwlock);
  return error;
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel;
using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock)) {
  if (is_alone()) [[unlikely]] {
    const int error = read_alone(lock);
    if (error != EBUSY) return error;
    leave_alone();
  }
  if (is_idle()) [[likely]]
    return next_pthread_rwlock_rdlock(lock);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_acquire(watching(), rwlock_event(lock, lock_mode::shared, request_kind::blocking, pc), [=] {
    take(lock, operation::lock_shared, pc);
    return next_pthread_rwlock_rdlock(lock);
  });
}
RAVEL_INTERCEPT(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock)) {
  if (is_alone()) [[unlikely]] {
    const int error = write_alone(lock);
    if (error != EBUSY) return error;
    leave_alone();
  }
  if (is_idle()) [[likely]]
    return next_pthread_rwlock_wrlock(lock);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_acquire(watching(), rwlock_event(lock, lock_mode::exclusive, request_kind::blocking, pc), [=] {
    take(lock, operation::lock, pc);
    return next_pthread_rwlock_wrlock(lock);
  });
}
RAVEL_INTERCEPT(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t * lock)) {
  if (is_alone()) [[unlikely]]
    return read_alone(lock);
  if (is_idle()) [[likely]]
    return next_pthread_rwlock_tryrdlock(lock);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_acquire(watching(), rwlock_event(lock, lock_mode::shared, request_kind::attempt, pc), [=] {
    return try_take(lock, operation::lock_shared, pc) ? next_pthread_rwlock_tryrdlock(lock) : EBUSY;
  });
}
RAVEL_INTERCEPT(int, pthread_rwlock_trywrlock, (pthread_rwlock_t * lock)) {
  if (is_alone()) [[unlikely]]
    return write_alone(lock);
  if (is_idle()) [[likely]]
    return next_pthread_rwlock_trywrlock(lock);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_acquire(watching(), rwlock_event(lock, lock_mode::exclusive, request_kind::attempt, pc), [=] {
    return try_take(lock, operation::try_lock, pc) ? next_pthread_rwlock_trywrlock(lock) : EBUSY;
  });
}
RAVEL_INTERCEPT(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t * lock, const timespec* until)) {
  if (is_alone()) [[unlikely]] {
    const int error = read_alone(lock);
    if (error != EBUSY) return error;
    skip_to(CLOCK_REALTIME, *until);
    return ETIMEDOUT;
  }
  if (is_idle()) [[likely]]
    return next_pthread_rwlock_timedrdlock(lock, until);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_acquire(watching(), rwlock_event(lock, lock_mode::shared, request_kind::timed, pc), [=] {
    return take_before(
        lock, operation::lock_shared, CLOCK_REALTIME, until, pc,
        [=] { return next_pthread_rwlock_timedrdlock(lock, until); }, [=] { return next_pthread_rwlock_rdlock(lock); });
  });
}
RAVEL_INTERCEPT(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t * lock, const timespec* until)) {
  if (is_alone()) [[unlikely]] {
    const int error = write_alone(lock);
    if (error != EBUSY) return error;
    skip_to(CLOCK_REALTIME, *until);
    return ETIMEDOUT;
  }
  if (is_idle()) [[likely]]
    return next_pthread_rwlock_timedwrlock(lock, until);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_acquire(watching(), rwlock_event(lock, lock_mode::exclusive, request_kind::timed, pc), [=] {
    return take_before(
        lock, operation::timed_lock, CLOCK_REALTIME, until, pc,
        [=] { return next_pthread_rwlock_timedwrlock(lock, until); }, [=] { return next_pthread_rwlock_wrlock(lock); });
  });
}
RAVEL_INTERCEPT(int, pthread_rwlock_clockrdlock, (pthread_rwlock_t * lock, clockid_t clock, const timespec* until)) {
  if (is_alone()) [[unlikely]] {
    const int error = read_alone(lock);
    if (error != EBUSY) return error;
    skip_to(clock, *until);
    return ETIMEDOUT;
  }
  if (is_idle()) [[likely]]
    return clockrdlock(lock, clock, until);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_acquire(watching(), rwlock_event(lock, lock_mode::shared, request_kind::timed, pc), [=] {
    return take_before(
        lock, operation::lock_shared, clock, until, pc, [=] { return clockrdlock(lock, clock, until); },
        [=] { return next_pthread_rwlock_rdlock(lock); });
  });
}
RAVEL_INTERCEPT(int, pthread_rwlock_clockwrlock, (pthread_rwlock_t * lock, clockid_t clock, const timespec* until)) {
  if (is_alone()) [[unlikely]] {
    const int error = write_alone(lock);
    if (error != EBUSY) return error;
    skip_to(clock, *until);
    return ETIMEDOUT;
  }
  if (is_idle()) [[likely]]
    return clockwrlock(lock, clock, until);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_acquire(watching(), rwlock_event(lock, lock_mode::exclusive, request_kind::timed, pc), [=] {
    return take_before(
        lock, operation::timed_lock, clock, until, pc, [=] { return clockwrlock(lock, clock, until); },
        [=] { return next_pthread_rwlock_wrlock(lock); });
  });
}
RAVEL_INTERCEPT(int, pthread_rwlock_unlock, (pthread_rwlock_t * lock)) {
  if (is_alone()) [[unlikely]]
    gave_back_alone(lock);
  if (is_idle()) [[likely]]
    return next_pthread_rwlock_unlock(lock);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_release(watching(), rwlock_event(lock, lock_mode::exclusive, request_kind::blocking, pc),
                      [=] { return unlock(lock, pc); });
}
RAVEL_INTERCEPT(int, pthread_rwlock_destroy, (pthread_rwlock_t * lock)) {
  if (is_idle()) [[likely]]
    return next_pthread_rwlock_destroy(lock);
  return tell_destroy(watching(), rwlock_event(lock, lock_mode::exclusive, request_kind::blocking, RAVEL_CALLER),
                      [=] { return next_pthread_rwlock_destroy(lock); });
}
