// SPDX-License-Identifier: MIT
// What an execution may do, by its options; and what it did beyond what threads do.
#pragma once

#include <cstdint>

namespace ravel::detail {

struct execution_limits {
  // An execution that passes more is judged, and given up; of those that a thread passes while nobody else can run, ten
  // count as one.
  std::uint64_t points = 1'000'000;
  bool has_spurious_wakeups = false;
  bool has_early_timeouts = false;
  bool has_failing_tries = false;
  std::uint64_t hold_up = 100'000'000;  // virtual nanoseconds that a thread may be kept from running by the clock
};

// What the world does that is no thread's choice; named by findings that needed it.
enum class oddity : std::uint32_t { spurious_wakeup = 1, early_timeout = 2, failing_try = 4 };

}  // namespace ravel::detail
