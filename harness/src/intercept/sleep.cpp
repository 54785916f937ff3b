// SPDX-License-Identifier: MIT
// Sleeping and yielding. Under control time is virtual: a sleep ends when nothing else can run, or, if it is no longer
// than a machine holds a thread up, when the strategy says so; a yield lets the others go first. Thread safety: any
// thread. Cost otherwise: a load and a branch.
#include "control.hpp"
#include "next.hpp"
#include "time_limit.hpp"

#include "engine/virtual_clock.hpp"

#include <sched.h>
#include <time.h>
#include <unistd.h>

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

// False when the caller is not under control, or libc refuses the span.
bool sleeps_for(const timespec& span, std::uintptr_t pc) noexcept {
  controlled_thread* self = in_control();
  if (self == nullptr || !is_valid_span(span)) return false;
  execution& execution = the_execution();
  execution.sleep_until(*self, event_on(operation::sleep, nullptr, pc), after(execution.now(), span));
  return true;
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, sched_yield, ()) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return next_sched_yield();
  the_execution().yield(*self, event_on(operation::yield, nullptr, RAVEL_CALLER));
  return 0;
}
RAVEL_INTERCEPT(int, nanosleep, (const timespec* span, timespec* left)) {
  return sleeps_for(*span, RAVEL_CALLER) ? 0 : next_nanosleep(span, left);
}
RAVEL_INTERCEPT(int, clock_nanosleep, (clockid_t clock, int flags, const timespec* time, timespec* left)) {
  controlled_thread* self = in_control();
  if (self == nullptr || !is_slept_by(clock) || !is_valid_span(*time)) [[likely]]
    return next_clock_nanosleep(clock, flags, time, left);
  execution& execution = the_execution();
  const bool is_absolute = (flags & TIMER_ABSTIME) != 0;
  execution.sleep_until(*self, event_on(operation::sleep, nullptr, RAVEL_CALLER),
                        is_absolute ? virtual_deadline(clock, *time) : after(execution.now(), *time));
  return 0;
}
RAVEL_INTERCEPT(int, usleep, (useconds_t microseconds)) {
  const timespec span{microseconds / 1'000'000, static_cast<long>(microseconds % 1'000'000) * 1'000};
  return sleeps_for(span, RAVEL_CALLER) ? 0 : next_usleep(microseconds);
}
RAVEL_INTERCEPT(unsigned, sleep, (unsigned seconds)) {
  return sleeps_for({static_cast<time_t>(seconds), 0}, RAVEL_CALLER) ? 0 : next_sleep(seconds);
}
