// SPDX-License-Identifier: MIT
// Condition waits: the mutex is given back and taken again inside the call. They are cancellation points, so
// the end of the wait is told by a destructor, which forced unwinding runs too.
// Calls from inside libstdc++ count here: std::condition_variable::wait is compiled there, on the target's mutex.
#include "alone.hpp"
#include "bridge/hidden_memory.hpp"
#include "cancellation.hpp"
#include "control.hpp"
#include "next.hpp"
#include "time_limit.hpp"

#include "engine/virtual_clock.hpp"

#include <ravel/tools.hpp>

#include <pthread.h>

#include <cerrno>

RAVEL_NEXT_VERSIONED(int, pthread_cond_wait, "GLIBC_2.3.2", (pthread_cond_t * c, pthread_mutex_t* m), (c, m))
RAVEL_NEXT_VERSIONED(int, pthread_cond_timedwait, "GLIBC_2.3.2",
                     (pthread_cond_t * c, pthread_mutex_t* m, const timespec* until), (c, m, until))
RAVEL_NEXT(int, pthread_cond_clockwait,
           (pthread_cond_t * c, pthread_mutex_t* m, clockid_t clock, const timespec* until), (c, m, clock, until))

RAVEL_NEXT(int, pthread_mutex_lock, (pthread_mutex_t * m), (m))
RAVEL_NEXT(int, pthread_mutex_unlock, (pthread_mutex_t * m), (m))

namespace ravel::detail {

namespace {

// Under control: the mutex is really given back and taken again, the condition itself is the model's.
int wait_under_control(controlled_thread& self, pthread_cond_t* condition, pthread_mutex_t* mutex,
                       std::uint64_t deadline, std::uintptr_t pc) {
  const cancellation_point here(self);
  execution& execution = the_execution();
  const event waits = event_on(operation::wait, condition, pc);
  execution.point(self, waits);
  tell_use(condition, pc);
  if (const int error = next_pthread_mutex_unlock(mutex); error != 0) return error;
  // No point from here to the wait: giving the mutex back and waiting are one step.
  sync_object& lock = execution.object(mutex);
  execution.give_up(self, lock);
  sync_object& queue = execution.object(condition);
  bool is_woken;
  const std::uint32_t missed = queue.count;
  // A handler that runs meanwhile is no wake-up; but one that found nobody then was this thread's.
  do is_woken = execution.wait(self, waits, queue, deadline);
  while (self.interrupted != interruption::none && queue.count == missed && !self.is_to_end());
  const bool is_ended = self.interrupted == interruption::fails;
  self.is_in_cancellation_point = false;  // it has the mutex before it ends
  execution.take(self, event_on(operation::lock, mutex, pc), lock);
  if (is_ended) self.interrupted = interruption::fails;
  const int error = next_pthread_mutex_lock(mutex);
  lock.is_owner_dead = false;  // of a robust mutex: the call has said so
  if (error == EOWNERDEAD) tool_acquire(mutex);
  if (error != 0 && error != EOWNERDEAD) execution.give_up(self, lock);
  return error != 0 ? error : is_woken ? 0 : ETIMEDOUT;
}

// The clock that pthread_condattr_setclock chose: a bit beside the reference count of waiters, in glibc from 2.25 on.
clockid_t clock_of(const pthread_cond_t& condition) noexcept {
  return (condition.__data.__wrefs & 2) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

// What libc refuses otherwise.
bool is_waited_by(clockid_t clock) noexcept { return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC; }

class waiting {
 public:
  waiting(lock_observer* observer, thread_record& record, const void* condition, const lock_event& event) noexcept
      : observer_(observer), record_(record), condition_(condition), event_(event) {
    if (observer_ != nullptr) observer_->condition_waiting(record_, condition_, event_);
  }
  ~waiting() {
    if (observer_ != nullptr && watching() == observer_) observer_->condition_woken(record_, condition_, event_);
  }
  waiting(const waiting&) = delete;
  waiting& operator=(const waiting&) = delete;

 private:
  lock_observer* observer_;
  thread_record& record_;
  const void* condition_;
  lock_event event_;
};

// A mutex whose locking was not told of (by DRD's preloaded library, for its own ends) is not told of here either.
bool is_known_held(const thread_record& record, const void* mutex) noexcept {
  const std::uint32_t count = record.held_count.load(std::memory_order_relaxed);  // relaxed: this thread's own
  if (count > thread_record::max_held) return true;
  for (std::uint32_t i = 0; i < count; ++i)
    if (record.held[i].lock == mutex) return true;
  return false;
}

template <class Call>
int tell_wait(lock_observer* observer, const void* condition, const pthread_mutex_t* mutex, request_kind request,
              std::uintptr_t pc, Call call) {
  thread_record* record = this_thread();
  tool_frame frame(pc);
  if (record == nullptr || (is_under_valgrind() && !is_known_held(*record, mutex))) return call();
  const int type = mutex->__data.__kind & 3;
  const lock_kind kind = type == PTHREAD_MUTEX_RECURSIVE_NP    ? lock_kind::recursive_mutex
                         : type == PTHREAD_MUTEX_ERRORCHECK_NP ? lock_kind::errorcheck_mutex
                                                               : lock_kind::mutex;
  waiting until_woken(observer, *record, condition, {mutex, pc, lock_mode::exclusive, kind, request, nullptr});
  return call();
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel;
using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t* mutex)) {
  if (is_alone()) [[unlikely]] {
    next_pthread_mutex_unlock(mutex);
    gave_back_alone(mutex);
    leave_alone();
  }
  if (is_idle()) [[likely]]
    return next_pthread_cond_wait(condition, mutex);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_wait(watching(), condition, mutex, request_kind::blocking, pc, [=] {
    if (controlled_thread* self = in_control())
      return wait_under_control(*self, condition, mutex, execution::for_ever, pc);
    return next_pthread_cond_wait(condition, mutex);
  });
}
RAVEL_INTERCEPT(int, pthread_cond_timedwait,
                (pthread_cond_t * condition, pthread_mutex_t* mutex, const timespec* until)) {
  if (is_alone()) [[unlikely]]
    return skip_to(clock_of(*condition), *until), ETIMEDOUT;
  if (is_idle()) [[likely]]
    return next_pthread_cond_timedwait(condition, mutex, until);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_wait(watching(), condition, mutex, request_kind::timed, pc, [=] {
    if (controlled_thread* self = in_control(); self != nullptr && is_valid_time(*until))
      return wait_under_control(*self, condition, mutex, virtual_deadline(clock_of(*condition), *until), pc);
    return next_pthread_cond_timedwait(condition, mutex, until);
  });
}
RAVEL_INTERCEPT(int, pthread_cond_clockwait,
                (pthread_cond_t * condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* until)) {
  if (is_alone()) [[unlikely]]
    return skip_to(clock, *until), ETIMEDOUT;
  if (is_idle()) [[likely]]
    return next_pthread_cond_clockwait(condition, mutex, clock, until);
  const std::uintptr_t pc = RAVEL_CALLER;
  return tell_wait(watching(), condition, mutex, request_kind::timed, pc, [=] {
    if (controlled_thread* self = in_control(); self != nullptr && is_valid_time(*until) && is_waited_by(clock))
      return wait_under_control(*self, condition, mutex, virtual_deadline(clock, *until), pc);
    return next_pthread_cond_clockwait(condition, mutex, clock, until);
  });
}
