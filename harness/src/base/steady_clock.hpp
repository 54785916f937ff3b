// SPDX-License-Identifier: MIT
// Real time for budgets and watchdogs, never for what a schedule depends on. Async-signal-safe; about 20 ns.
#pragma once

#include <time.h>

namespace ravel::detail {

[[nodiscard]] inline double seconds_now() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace ravel::detail
