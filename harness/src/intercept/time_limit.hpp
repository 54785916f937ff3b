// SPDX-License-Identifier: MIT
// Which times libc refuses; and a time limit on another clock, said on the realtime clock, for calls that TSan knows
// only in that form: exact but for a change of the system's time while the call waits. Any thread; two clock reads.
#pragma once

#include <time.h>

namespace ravel::detail {

// What libc refuses with EINVAL, at once and before anything else where the call takes no lock.
inline bool is_valid_time(const timespec& time) noexcept { return time.tv_nsec >= 0 && time.tv_nsec < 1'000'000'000; }
// The same for what the kernel is asked to sleep or wait.
inline bool is_valid_span(const timespec& time) noexcept { return is_valid_time(time) && time.tv_sec >= 0; }

inline timespec on_realtime_clock(clockid_t clock, const timespec& until) noexcept {
  timespec now{}, real{};
  clock_gettime(clock, &now);
  clock_gettime(CLOCK_REALTIME, &real);
  long long ns = real.tv_nsec + (until.tv_nsec - now.tv_nsec);
  long long seconds = real.tv_sec + (until.tv_sec - now.tv_sec);
  while (ns < 0) ns += 1'000'000'000, --seconds;
  while (ns >= 1'000'000'000) ns -= 1'000'000'000, ++seconds;
  // A limit before 1970 is one that has passed, but an invalid argument to the call.
  return seconds < 0 ? timespec{} : timespec{static_cast<time_t>(seconds), static_cast<long>(ns)};
}

}  // namespace ravel::detail
