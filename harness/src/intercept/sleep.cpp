// SPDX-License-Identifier: MIT
// Sleeping and yielding. Under control time is virtual: a sleep ends when nothing else can run, or, if it is no longer
// than a machine holds a thread up, when the strategy says so; a yield lets the others go first. Thread safety: any
// thread. Cost otherwise: a load and a branch.
#include "alone.hpp"
#include "cancellation.hpp"
#include "control.hpp"
#include "next.hpp"
#include "time_limit.hpp"

#include "engine/virtual_clock.hpp"

#include <sched.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

RAVEL_NEXT(int, sched_yield, (), ())
RAVEL_NEXT(int, nanosleep, (const timespec* span, timespec* left), (span, left))
RAVEL_NEXT(int, clock_nanosleep, (clockid_t clock, int flags, const timespec* time, timespec* left),
           (clock, flags, time, left))
RAVEL_NEXT(int, usleep, (useconds_t microseconds), (microseconds))
RAVEL_NEXT(unsigned, sleep, (unsigned seconds), (seconds))

namespace ravel::detail {

namespace {

bool is_slept_by(clockid_t clock) noexcept {
  return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME || clock == CLOCK_TAI ||
         clock == CLOCK_REALTIME_ALARM || clock == CLOCK_BOOTTIME_ALARM;
}

// Sleeps; how much is left, in nanoseconds, when a handler ended the sleep. 0: it is over.
std::uint64_t sleep_to(controlled_thread& self, std::uint64_t deadline, std::uintptr_t pc) {
  const cancellation_point here(self);
  execution& execution = the_execution();
  execution.sleep_until(self, event_on(operation::sleep, nullptr, pc), deadline);
  // One that was only looked at, e.g. for a signal that is ignored, goes on.
  while (self.interrupted == interruption::idle && deadline > execution.now())
    execution.sleep_until(self, event_on(operation::sleep, nullptr, pc), deadline);
  if (self.interrupted == interruption::none || deadline <= execution.now()) return 0;
  return deadline - execution.now();
}

// Not under control, or libc refuses the span: false.
bool is_slept_under_control(const timespec& span) noexcept { return in_control() != nullptr && is_valid_span(span); }

std::uint64_t sleep_for(const timespec& span, std::uintptr_t pc) {
  return sleep_to(*in_control(), after(the_execution().now(), span), pc);
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, sched_yield, ()) {
  if (is_alone()) [[unlikely]]
    yield_alone();
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return next_sched_yield();
  the_execution().yield(*self, event_on(operation::yield, nullptr, RAVEL_CALLER));
  return 0;
}
RAVEL_INTERCEPT(int, nanosleep, (const timespec* span, timespec* left)) {
  if (is_alone()) [[unlikely]]
    return skip(*span), 0;
  if (!is_slept_under_control(*span)) [[likely]]
    return next_nanosleep(span, left);
  const std::uint64_t rest = sleep_for(*span, RAVEL_CALLER);
  if (rest == 0) return 0;
  if (left != nullptr) *left = span_of(rest);
  errno = EINTR;
  return -1;
}
RAVEL_INTERCEPT(int, clock_nanosleep, (clockid_t clock, int flags, const timespec* time, timespec* left)) {
  if (is_alone()) [[unlikely]]
    return (flags & TIMER_ABSTIME) != 0 ? skip_to(clock, *time) : skip(*time), 0;
  controlled_thread* self = in_control();
  if (self == nullptr || !is_slept_by(clock) || !is_valid_span(*time)) [[likely]]
    return next_clock_nanosleep(clock, flags, time, left);
  const bool is_absolute = (flags & TIMER_ABSTIME) != 0;
  const std::uint64_t deadline = is_absolute ? virtual_deadline(clock, *time) : after(the_execution().now(), *time);
  const std::uint64_t rest = sleep_to(*self, deadline, RAVEL_CALLER);
  if (rest != 0 && !is_absolute && left != nullptr) *left = span_of(rest);
  return rest == 0 ? 0 : EINTR;
}
RAVEL_INTERCEPT(int, usleep, (useconds_t microseconds)) {
  if (is_alone()) [[unlikely]]
    return skip({microseconds / 1'000'000, static_cast<long>(microseconds % 1'000'000) * 1'000}), 0;
  const timespec span{microseconds / 1'000'000, static_cast<long>(microseconds % 1'000'000) * 1'000};
  if (!is_slept_under_control(span)) return next_usleep(microseconds);
  if (sleep_for(span, RAVEL_CALLER) == 0) return 0;
  errno = EINTR;
  return -1;
}
RAVEL_INTERCEPT(unsigned, sleep, (unsigned seconds)) {
  if (is_alone()) [[unlikely]]
    return skip({static_cast<time_t>(seconds), 0}), 0;
  const timespec span{static_cast<time_t>(seconds), 0};
  if (!is_slept_under_control(span)) return next_sleep(seconds);
  return static_cast<unsigned>((sleep_for(span, RAVEL_CALLER) + 999'999'999) / 1'000'000'000);
}
