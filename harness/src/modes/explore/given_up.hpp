// SPDX-License-Identifier: MIT
// An execution that cannot go on: see given_up.cpp.
#pragma once

#include "exploration.hpp"

#include <cstdint>

namespace ravel::detail {

class run;

// In the child, by the thread in control: leaves behind where each thread is, and ends the process.
[[noreturn]] void leave_given_up(execution& execution, ending how) noexcept;

// The same, and goes on: for who then makes findings of it in this very process.
void note_given_up(execution& execution, ending how) noexcept;

// In the parent, after a child that gave an execution up: makes findings of it.
void report_given_up(run& run, exploration& explore);

// The one whose executions this process runs: for leave_given_up. Set before its first execution.
void set_exploration_in_flight(exploration* explore) noexcept;

}  // namespace ravel::detail
