// SPDX-License-Identifier: MIT
// The parent's watch over a batch's process: its end, hangs, deadlocks, memory. Whatever happens, it returns
// within the round limit plus about a second, with what was known in the findings table.
#pragma once

#include "run.hpp"

#include <sys/types.h>

#include <cstdint>

namespace ravel::detail {

enum class batch_end : std::uint8_t { finished, died, hung, deadlocked, given_up, out_of_memory, died_between_trials };

struct limits {
  double round_seconds;
  std::uint64_t memory_bytes;
};

[[nodiscard]] batch_end supervise(run& run, pid_t child, const limits& limits);

// Three quarters of what is free, 8 GiB at most.
[[nodiscard]] std::uint64_t default_memory_limit();

}  // namespace ravel::detail
