// SPDX-License-Identifier: MIT
// POSIX semaphores. The count is the real one; under control only the waiting is the model's: a wait is a try that
// succeeds. Thread safety: any thread. Cost while no execution is in flight: a branch.
#include "alone.hpp"
#include "cancellation.hpp"
#include "control.hpp"
#include "next.hpp"
#include "time_limit.hpp"

#include "engine/virtual_clock.hpp"

#include <semaphore.h>

#include <cerrno>

RAVEL_NEXT(int, sem_init, (sem_t * s, int shared, unsigned value), (s, shared, value))
RAVEL_NEXT(int, sem_destroy, (sem_t * s), (s))
RAVEL_NEXT(int, sem_wait, (sem_t * s), (s))
RAVEL_NEXT(int, sem_trywait, (sem_t * s), (s))
RAVEL_NEXT(int, sem_timedwait, (sem_t * s, const timespec* until), (s, until))
RAVEL_NEXT(int, sem_clockwait, (sem_t * s, clockid_t clock, const timespec* until), (s, clock, until))
RAVEL_NEXT(int, sem_post, (sem_t * s), (s))
RAVEL_NEXT(int, sem_getvalue, (sem_t * s, int* value), (s, value))

namespace ravel::detail {

namespace {

int wait_under_control(controlled_thread& self, sem_t* semaphore, std::uint64_t deadline, std::uintptr_t pc) {
  const cancellation_point here(self);
  execution& execution = the_execution();
  const event waits = event_on(operation::acquire, semaphore, pc);
  execution.point(self, waits);
  for (;;) {
    tool_frame frame(pc);
    if (next_sem_trywait(semaphore) == 0) return 0;
    if (errno != EAGAIN) return -1;
    if (!execution.wait(self, waits, execution.object(semaphore), deadline)) {
      errno = ETIMEDOUT;
      return -1;
    }
    if (self.interrupted == interruption::fails) {
      errno = EINTR;
      return -1;
    }
  }
}

// TSan does not know sem_clockwait (gcc 12, clang 14, clang 19), and would miss its edge.
int clockwait(sem_t* semaphore, clockid_t clock, const timespec* until) noexcept {
  if (!has_tsan() || is_known_to_sanitizer_sem_clockwait() || !is_valid_time(*until))
    return next_sem_clockwait(semaphore, clock, until);
  const timespec real = clock == CLOCK_REALTIME ? *until : on_realtime_clock(clock, *until);
  return next_sem_timedwait(semaphore, &real);
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, sem_wait, (sem_t * semaphore)) {
  if (is_alone()) [[unlikely]] {
    const int result = next_sem_trywait(semaphore);
    if (result == 0 || errno != EAGAIN) return result;
    leave_alone();
  }
  controlled_thread* self = in_control();
  if (self != nullptr) return wait_under_control(*self, semaphore, execution::for_ever, RAVEL_CALLER);
  tool_frame frame(RAVEL_CALLER);
  return next_sem_wait(semaphore);
}
RAVEL_INTERCEPT(int, sem_timedwait, (sem_t * semaphore, const timespec* until)) {
  if (is_alone()) [[unlikely]] {
    const int result = next_sem_trywait(semaphore);
    if (result == 0 || errno != EAGAIN) return result;
    skip_to(CLOCK_REALTIME, *until);
    errno = ETIMEDOUT;
    return -1;
  }
  controlled_thread* self = in_control();
  if (self != nullptr && is_valid_time(*until))
    return wait_under_control(*self, semaphore, virtual_deadline(CLOCK_REALTIME, *until), RAVEL_CALLER);
  tool_frame frame(RAVEL_CALLER);
  return next_sem_timedwait(semaphore, until);
}
RAVEL_INTERCEPT(int, sem_clockwait, (sem_t * semaphore, clockid_t clock, const timespec* until)) {
  if (is_alone()) [[unlikely]] {
    const int result = next_sem_trywait(semaphore);
    if (result == 0 || errno != EAGAIN) return result;
    skip_to(clock, *until);
    errno = ETIMEDOUT;
    return -1;
  }
  controlled_thread* self = in_control();
  if (self != nullptr && is_valid_time(*until))
    return wait_under_control(*self, semaphore, virtual_deadline(clock, *until), RAVEL_CALLER);
  tool_frame frame(RAVEL_CALLER);
  return clockwait(semaphore, clock, until);
}
RAVEL_INTERCEPT(int, sem_trywait, (sem_t * semaphore)) {
  if (controlled_thread* self = in_control())
    the_execution().point(*self, event_on(operation::acquire, semaphore, RAVEL_CALLER));
  tool_frame frame(RAVEL_CALLER);
  return next_sem_trywait(semaphore);
}
RAVEL_INTERCEPT(int, sem_post, (sem_t * semaphore)) {
  controlled_thread* self = in_control();
  if (self != nullptr) the_execution().point(*self, event_on(operation::release, semaphore, RAVEL_CALLER));
  tool_frame frame(RAVEL_CALLER);
  const int error = next_sem_post(semaphore);
  if (self != nullptr && error == 0) the_execution().wake(the_execution().object(semaphore), 1);
  return error;
}
RAVEL_INTERCEPT(int, sem_getvalue, (sem_t * semaphore, int* value)) {
  if (controlled_thread* self = in_control())
    the_execution().point(*self, event_on(operation::atomic_load, semaphore, RAVEL_CALLER));
  return next_sem_getvalue(semaphore, value);
}
RAVEL_INTERCEPT(int, sem_init, (sem_t * semaphore, int shared, unsigned value)) {
  return next_sem_init(semaphore, shared, value);
}
RAVEL_INTERCEPT(int, sem_destroy, (sem_t * semaphore)) { return next_sem_destroy(semaphore); }
