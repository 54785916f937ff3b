// SPDX-License-Identifier: MIT
// Virtual time, as the threads of an execution see it: it moves by a microsecond at each look and by 20 ns at each
// point of synchronisation, and jumps when nothing else can run, or when the strategy lets a wait end that is no longer
// than a machine holds a thread up. Every execution starts at the same times, so that what
// depends on them repeats. Thread safety: the thread in control. Cost: some arithmetic.
#pragma once

#include "execution.hpp"

#include <time.h>

#include <cstdint>

namespace ravel::detail {

inline constexpr std::int64_t nanoseconds_in_second = 1'000'000'000;

// When an execution starts, in seconds: 2024-01-01 00:00 UTC by the calendar's clocks, 1000 s by the others.
[[nodiscard]] constexpr std::int64_t first_second(clockid_t clock) noexcept {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI ? 1'704'067'200 : 1'000;
}

[[nodiscard]] inline timespec virtual_time(clockid_t clock, std::uint64_t now) noexcept {
  const auto nanoseconds = static_cast<std::int64_t>(now);
  return {first_second(clock) + nanoseconds / nanoseconds_in_second, nanoseconds % nanoseconds_in_second};
}

// A point of time by that clock as virtual nanoseconds; what is past is 0.
[[nodiscard]] inline std::uint64_t virtual_deadline(clockid_t clock, const timespec& until) noexcept {
  const std::int64_t seconds = until.tv_sec - first_second(clock);
  if (seconds < 0) return 0;
  if (seconds > 1'000'000'000) return execution::for_ever - 1;
  return static_cast<std::uint64_t>(seconds * nanoseconds_in_second + until.tv_nsec);
}

[[nodiscard]] inline std::uint64_t after(std::uint64_t now, const timespec& span) noexcept {
  if (span.tv_sec > 1'000'000'000) return execution::for_ever - 1;
  return now + static_cast<std::uint64_t>(span.tv_sec * nanoseconds_in_second + span.tv_nsec);
}

[[nodiscard]] constexpr timespec span_of(std::uint64_t nanoseconds) noexcept {
  return {static_cast<time_t>(nanoseconds / nanoseconds_in_second),
          static_cast<long>(nanoseconds % nanoseconds_in_second)};
}

}  // namespace ravel::detail
