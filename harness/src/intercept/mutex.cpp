// SPDX-License-Identifier: MIT
// pthread mutexes and spin locks, and with them std::mutex and its relatives.
// Where TSan does not know pthread_mutex_clocklock (gcc 12, clang 14), which std::timed_mutex uses, the call
// goes through pthread_mutex_timedlock, or TSan would report races that do not exist.
#include "alone.hpp"
#include "control.hpp"
#include "next.hpp"
#include "time_limit.hpp"

#include "engine/virtual_clock.hpp"

#include <ravel/tools.hpp>

#include <linux/futex.h>
#include <pthread.h>

#include <cerrno>

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

// Of glibc's kind of a mutex, and of the word of one with a ceiling, which keeps that in it.
constexpr int robust_bit = 16, inherit_bit = 32, protect_bit = 64;
constexpr unsigned ceiling_bits = 0xfff80000;

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
  if (!has_tsan() || is_known_to_sanitizer_pthread_mutex_clocklock() || clock == CLOCK_REALTIME)
    return next_pthread_mutex_clocklock(mutex, clock, until);
  const timespec real = on_realtime_clock(clock, *until);
  return next_pthread_mutex_timedlock(mutex, &real);
}

bool is_robust(const pthread_mutex_t* mutex) noexcept { return (mutex->__data.__kind & robust_bit) != 0; }

// Nobody has it whose owner died, or is about to: its kernel thread may still be on its way out.
bool is_held(const pthread_mutex_t* mutex, const sync_object& object) noexcept {
  if (object.is_robust && (object.is_owner_dead || (mutex->__data.__lock & FUTEX_OWNER_DIED) != 0)) return false;
  const auto word = static_cast<unsigned>(mutex->__data.__lock);
  return ((mutex->__data.__kind & protect_bit) != 0 ? word & ~ceiling_bits : word) != 0;
}

// The kernel lets the carrier own a robust mutex that inherits priorities, not the thread that it carries. Where one
// thread runs at a time there is nothing to inherit: it becomes a plain robust one while nobody has it.
[[gnu::noinline]] void forget_inheritance(pthread_mutex_t* mutex) noexcept {
  if (mutex->__data.__lock == 0) mutex->__data.__kind &= ~inherit_bit;
}

// The model of a mutex that the caller, under control, asks for; null when the real call can be made at once, because
// the caller has it already.
[[gnu::always_inline]] inline sync_object* wanted_mutex(controlled_thread& self, pthread_mutex_t* mutex) noexcept {
  sync_object& object = the_execution().object(mutex);
  object.is_robust = is_robust(mutex);  // the memory may have been another mutex's
  if (object.is_robust && (mutex->__data.__kind & inherit_bit) != 0) forget_inheritance(mutex);
  match_reality(object, is_held(mutex, object));
  const int type = mutex->__data.__kind & 3;
  if (object.owner != &self || (type != PTHREAD_MUTEX_RECURSIVE_NP && type != PTHREAD_MUTEX_ERRORCHECK_NP))
    return &object;  // its own plain mutex: it waits for itself, for ever
  if (type == PTHREAD_MUTEX_RECURSIVE_NP) ++object.depth;
  return nullptr;
}

// A call may refuse what the model allows: a ceiling wants a thread with a real-time priority.
[[gnu::noinline]] int refused(controlled_thread& self, sync_object& object, int error) noexcept {
  the_execution().give_up(self, object);
  return error;
}
// The real call for what the model has given to self. Of a robust mutex it may tell that the owner died, and waits
// while that one is still on its way out; or that it cannot be recovered, and then nobody has it.
[[gnu::noinline]] int take_robust(controlled_thread& self, pthread_mutex_t* mutex, sync_object& object) noexcept {
  const int error = next_pthread_mutex_lock(mutex);
  object.is_owner_dead = false;
  if (error == EOWNERDEAD) tool_acquire(mutex);
  if (error != 0 && error != EOWNERDEAD) return refused(self, object, error);
  self.holds_robust = true;
  return error;
}
[[gnu::always_inline]] inline int take_really(controlled_thread& self, pthread_mutex_t* mutex,
                                              sync_object& object) noexcept {
  if (object.is_robust) return take_robust(self, mutex, object);
  const int error = next_pthread_mutex_lock(mutex);
  return error == 0 ? 0 : refused(self, object, error);
}

[[gnu::always_inline]] inline int lock(pthread_mutex_t* mutex, std::uintptr_t pc) noexcept {
  controlled_thread* self = in_control();
  sync_object* object = self == nullptr ? nullptr : wanted_mutex(*self, mutex);
  if (object == nullptr) return next_pthread_mutex_lock(mutex);
  the_execution().take(*self, event_on(operation::lock, mutex, pc), *object);
  return take_really(*self, mutex, *object);
}

int try_lock(pthread_mutex_t* mutex, std::uintptr_t pc) noexcept {
  controlled_thread* self = in_control();
  sync_object* object = self == nullptr ? nullptr : wanted_mutex(*self, mutex);
  if (object == nullptr) return next_pthread_mutex_trylock(mutex);
  if (!the_execution().try_take(*self, event_on(operation::try_lock, mutex, pc), *object)) return EBUSY;
  if (object->is_robust) return take_robust(*self, mutex, *object);
  const int error = next_pthread_mutex_trylock(mutex);
  return error == 0 ? 0 : refused(*self, *object, error);
}

template <class Call>
int lock_before(pthread_mutex_t* mutex, clockid_t clock, const timespec* until, std::uintptr_t pc, Call call) noexcept {
  controlled_thread* self = in_control();
  sync_object* object = self == nullptr ? nullptr : wanted_mutex(*self, mutex);
  if (object == nullptr) return call();
  execution& execution = the_execution();
  if (!is_valid_time(*until)) {  // which matters only to who would have to wait
    if (!execution.try_take(*self, event_on(operation::try_lock, mutex, pc), *object)) return EINVAL;
  } else if (!execution.take_before(*self, event_on(operation::timed_lock, mutex, pc), *object,
                                    virtual_deadline(clock, *until))) {
    return ETIMEDOUT;
  }
  return take_really(*self, mutex, *object);
}

[[gnu::always_inline]] inline int unlock(pthread_mutex_t* mutex, std::uintptr_t pc) noexcept {
  const int error = next_pthread_mutex_unlock(mutex);
  controlled_thread* self = error == 0 ? in_control() : nullptr;
  if (self == nullptr) return error;
  the_execution().give_up(*self, the_execution().object(mutex));
  the_execution().point(*self, event_on(operation::unlock, mutex, pc));
  return 0;
}

// Apart from the above, which is short enough to need no frame then.
[[gnu::noinline]] int told_lock(pthread_mutex_t* mutex, std::uintptr_t pc) noexcept {
  return tell_acquire(watching(), mutex_event(mutex, request_kind::blocking, pc), [=] { return lock(mutex, pc); });
}
[[gnu::noinline]] int told_unlock(pthread_mutex_t* mutex, std::uintptr_t pc) noexcept {
  return tell_release(watching(), mutex_event(mutex, request_kind::blocking, pc), [=] { return unlock(mutex, pc); });
}

void give_back_mutex(void* mutex) noexcept { next_pthread_mutex_unlock(static_cast<pthread_mutex_t*>(mutex)); }
void give_back_spin(void* spin) noexcept { next_pthread_spin_unlock(static_cast<int*>(spin)); }

// Of a recursive one that the thread had before it began to look: another thread could not have it.
[[gnu::noinline]] int try_lock_alone(pthread_mutex_t* mutex) noexcept {
  const int error = next_pthread_mutex_trylock(mutex);
  if (error != 0) return error;
  const bool is_recursive = (mutex->__data.__kind & 3) == PTHREAD_MUTEX_RECURSIVE_NP;
  if (is_recursive && alone.taken != nullptr && mutex->__data.__count > times_taken_alone(mutex) + 1) {
    next_pthread_mutex_unlock(mutex);
    return EBUSY;
  }
  took_alone(mutex, give_back_mutex);
  return 0;
}

// Nobody else can give it up.
[[gnu::noinline]] int lock_alone(pthread_mutex_t* mutex, clockid_t clock = 0,
                                 const timespec* until = nullptr) noexcept {
  const int error = try_lock_alone(mutex);
  if (error != EBUSY) return error;
  if (alone.taken == nullptr && (mutex->__data.__kind & 3) == PTHREAD_MUTEX_ERRORCHECK_NP) return EDEADLK;
  if (until == nullptr) leave_alone();
  skip_to(clock, *until);
  return ETIMEDOUT;
}

void lock_spin(pthread_spinlock_t* spin, std::uintptr_t pc) noexcept {
  if (controlled_thread* self = in_control()) {
    const void* address = const_cast<const int*>(spin);
    the_execution().take(*self, event_on(operation::lock, address, pc), the_execution().object(address));
  }
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel;
using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_mutex_lock, (pthread_mutex_t * mutex)) {
  if (is_alone()) [[unlikely]]
    return lock_alone(mutex);
  if (is_idle()) [[likely]]
    return next_pthread_mutex_lock(mutex);
  const std::uintptr_t pc = RAVEL_CALLER;
  if (is_told_to_nobody()) return lock(mutex, pc);
  return told_lock(mutex, pc);
}
RAVEL_INTERCEPT(int, pthread_mutex_trylock, (pthread_mutex_t * mutex)) {
  if (is_alone()) [[unlikely]]
    return try_lock_alone(mutex);
  if (is_idle()) [[likely]]
    return next_pthread_mutex_trylock(mutex);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_acquire(watching(), mutex_event(mutex, request_kind::attempt, pc), [=] { return try_lock(mutex, pc); });
}
RAVEL_INTERCEPT(int, pthread_mutex_timedlock, (pthread_mutex_t * mutex, const timespec* until)) {
  if (is_alone()) [[unlikely]]
    return lock_alone(mutex, CLOCK_REALTIME, until);
  if (is_idle()) [[likely]]
    return next_pthread_mutex_timedlock(mutex, until);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_acquire(watching(), mutex_event(mutex, request_kind::timed, pc), [=] {
    return lock_before(mutex, CLOCK_REALTIME, until, pc, [=] { return next_pthread_mutex_timedlock(mutex, until); });
  });
}
RAVEL_INTERCEPT(int, pthread_mutex_clocklock, (pthread_mutex_t * mutex, clockid_t clock, const timespec* until)) {
  if (is_alone()) [[unlikely]]
    return lock_alone(mutex, clock, until);
  if (is_idle()) [[likely]]
    return clocklock(mutex, clock, until);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_acquire(watching(), mutex_event(mutex, request_kind::timed, pc), [=] {
    return lock_before(mutex, clock, until, pc, [=] { return clocklock(mutex, clock, until); });
  });
}
RAVEL_INTERCEPT(int, pthread_mutex_unlock, (pthread_mutex_t * mutex)) {
  if (is_alone()) [[unlikely]]
    gave_back_alone(mutex);
  if (is_idle()) [[likely]]
    return next_pthread_mutex_unlock(mutex);
  const std::uintptr_t pc = RAVEL_CALLER;
  if (is_told_to_nobody()) return unlock(mutex, pc);
  return told_unlock(mutex, pc);
}
RAVEL_INTERCEPT(int, pthread_mutex_destroy, (pthread_mutex_t * mutex)) {
  if (is_idle()) [[likely]]
    return next_pthread_mutex_destroy(mutex);
  return tell_destroy(watching(), mutex_event(mutex, request_kind::blocking, RAVEL_CALLER),
                      [=] { return next_pthread_mutex_destroy(mutex); });
}

RAVEL_INTERCEPT(int, pthread_spin_lock, (pthread_spinlock_t * spin)) {
  if (is_alone()) [[unlikely]] {
    const int error = next_pthread_spin_trylock(spin);
    if (error == EBUSY) leave_alone();
    took_alone(const_cast<int*>(spin), give_back_spin);
    return error;
  }
  if (is_idle()) [[likely]]
    return next_pthread_spin_lock(spin);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_acquire(watching(), spin_event(spin, request_kind::blocking, pc), [=] {
    lock_spin(spin, pc);
    return next_pthread_spin_lock(spin);
  });
}
RAVEL_INTERCEPT(int, pthread_spin_trylock, (pthread_spinlock_t * spin)) {
  if (is_alone()) [[unlikely]] {
    const int error = next_pthread_spin_trylock(spin);
    if (error == 0) took_alone(const_cast<int*>(spin), give_back_spin);
    return error;
  }
  if (is_idle()) [[likely]]
    return next_pthread_spin_trylock(spin);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_acquire(watching(), spin_event(spin, request_kind::attempt, pc), [=] {
    const void* address = const_cast<const int*>(spin);
    if (controlled_thread* self = in_control())
      if (!the_execution().try_take(*self, event_on(operation::try_lock, address, pc), the_execution().object(address)))
        return EBUSY;
    return next_pthread_spin_trylock(spin);
  });
}
RAVEL_INTERCEPT(int, pthread_spin_unlock, (pthread_spinlock_t * spin)) {
  if (is_alone()) [[unlikely]]
    gave_back_alone(const_cast<int*>(spin));
  if (is_idle()) [[likely]]
    return next_pthread_spin_unlock(spin);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_release(watching(), spin_event(spin, request_kind::blocking, pc), [=] {
    const int error = next_pthread_spin_unlock(spin);
    if (controlled_thread* self = in_control()) {
      const void* address = const_cast<const int*>(spin);
      the_execution().give_up(*self, the_execution().object(address));
      the_execution().point(*self, event_on(operation::unlock, address, pc));
    }
    return error;
  });
}
RAVEL_INTERCEPT(int, pthread_spin_destroy, (pthread_spinlock_t * spin)) {
  if (is_idle()) [[likely]]
    return next_pthread_spin_destroy(spin);
  return tell_destroy(watching(), spin_event(spin, request_kind::blocking, RAVEL_CALLER),
                      [=] { return next_pthread_spin_destroy(spin); });
}
