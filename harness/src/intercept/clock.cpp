// SPDX-License-Identifier: MIT
// Clocks. Under control time is virtual: see engine/virtual_clock.hpp. std::chrono's clocks come here, too.
// Thread safety: any thread. Cost while no execution is in flight: a branch.
#include "alone.hpp"
#include "control.hpp"
#include "next.hpp"

#include "engine/virtual_clock.hpp"

#include <sys/time.h>
#include <time.h>

RAVEL_NEXT(int, clock_gettime, (clockid_t clock, timespec* now), (clock, now))
RAVEL_NEXT(int, gettimeofday, (timeval * now, void* zone), (now, zone))
RAVEL_NEXT(time_t, time, (time_t* now), (now))
RAVEL_NEXT(clock_t, clock, (), ())
RAVEL_NEXT(int, timespec_get, (timespec * now, int base), (now, base))

namespace ravel::detail {

namespace {

timespec look_at(controlled_thread& self, clockid_t clock, std::uintptr_t pc) noexcept {
  return virtual_time(clock, the_execution().look_at_clock(self, event_on(operation::clock, nullptr, pc)));
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, clock_gettime, (clockid_t clock, timespec* now)) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]] {
    const int error = next_clock_gettime(clock, now);
    if (is_alone() && error == 0) move_on(*now);
    return error;
  }
  *now = look_at(*self, clock, RAVEL_CALLER);
  return 0;
}
RAVEL_INTERCEPT(int, gettimeofday, (timeval * now, void* zone)) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return next_gettimeofday(now, zone);
  const timespec time = look_at(*self, CLOCK_REALTIME, RAVEL_CALLER);
  if (now != nullptr) *now = {time.tv_sec, time.tv_nsec / 1'000};
  return 0;
}
RAVEL_INTERCEPT(time_t, time, (time_t* now)) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return next_time(now);
  const time_t seconds = look_at(*self, CLOCK_REALTIME, RAVEL_CALLER).tv_sec;
  if (now != nullptr) *now = seconds;
  return seconds;
}
RAVEL_INTERCEPT(clock_t, clock, ()) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return next_clock();
  const timespec time = look_at(*self, CLOCK_PROCESS_CPUTIME_ID, RAVEL_CALLER);
  return time.tv_sec * CLOCKS_PER_SEC + time.tv_nsec / (nanoseconds_in_second / CLOCKS_PER_SEC);
}
RAVEL_INTERCEPT(int, timespec_get, (timespec * now, int base)) {
  controlled_thread* self = in_control();
  if (self == nullptr || base != TIME_UTC) [[likely]]
    return next_timespec_get(now, base);
  *now = look_at(*self, CLOCK_REALTIME, RAVEL_CALLER);
  return base;
}
