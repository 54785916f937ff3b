// SPDX-License-Identifier: MIT
// The parent's watch over a batch's process: its end, hangs, deadlocks, memory. Whatever happens, it returns
// within the round limit plus about a second, with what was known in the findings table.
#pragma once

#include "run.hpp"

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>

namespace ravel::detail {

enum class batch_end : std::uint8_t {
  finished,
  died,
  hung,
  uncontrolled,  // stuck in a wait that the mode cannot control, and would be again
  deadlocked,
  given_up,
  out_of_memory,
  died_between_trials,
  killed,      // by SIGKILL from outside; nothing is published
  interrupted  // this process was asked to end
};

struct limits {
  double round_seconds;
  std::uint64_t memory_bytes;
};

// looked: called some times a second while it waits.
[[nodiscard]] batch_end supervise(run& run, pid_t child, const limits& limits, const std::function<void()>& looked);

// The finding of a batch's process that ended by itself, with that wait status, unless it said itself why.
void report_death(run& run, int status);
// What was seen of the machine when a batch's process was killed.
[[nodiscard]] std::string circumstances_of_kill();

// Three quarters of what is free, 8 GiB at most.
[[nodiscard]] std::uint64_t default_memory_limit();

}  // namespace ravel::detail
