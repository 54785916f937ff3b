// SPDX-License-Identifier: MIT
// An exception that leaves the body or a thread's function becomes a finding, or, if it is a usage_error, the run's
// own. Thread safety: any thread, in a catch block. Cost: some microseconds.
#pragma once

#include <ravel/finding.hpp>

namespace ravel::detail {

// Records the exception being handled in a catch block, of a thread or of the body.
void record_current_exception() noexcept;

// In a catch block: its type and what it says: std::out_of_range: "map::at".
void describe_current_exception(fixed_text<256>& words) noexcept;

// Keeps the text of a usage_error for the parent, which throws it again; the run ends. The first one counts.
void note_usage_error(const char* text) noexcept;

// Set by an adapter: true when the exception being handled stands for a failed assertion that has been
// recorded already. Called inside a catch block. Default: never.
extern bool (*is_assertion_exception)() noexcept;

// The calling thread's part in a finding. stack: null when it is not known.
void add_actor_here(raw_finding& finding, const char* action, const raw_stack* stack) noexcept;

}  // namespace ravel::detail
