// SPDX-License-Identifier: MIT
// What intercepted calls ask when nobody but the caller can be waited for: see ravel/alone.hpp.
// Thread safety: the calling thread's own. Cost while it is not alone: a thread-local load and a branch.
#pragma once

#include <ctime>

#include <cstdint>

namespace ravel::detail {

struct alone_state {
  bool is_on;
  std::uint32_t yields;     // without an end in sight
  std::int64_t skipped_ns;  // by sleeps and time limits: clocks are so far ahead
};
[[gnu::tls_model("initial-exec")]] extern thread_local constinit alone_state alone;

[[nodiscard]] [[gnu::always_inline]] inline bool is_alone() noexcept { return alone.is_on; }

// Back to run_alone(), which returns false.
[[noreturn]] void leave_alone() noexcept;

// Clocks go on by that.
void skip(const timespec& span) noexcept;
// They go on to there, if it is ahead.
void skip_to(clockid_t clock, const timespec& until) noexcept;
// What a clock shows.
void move_on(timespec& now) noexcept;
// Who yields again and again waits.
void yield_alone() noexcept;

}  // namespace ravel::detail
