// SPDX-License-Identifier: MIT
// The program of the trial in flight, in memory that the parent reads when the process is gone: who calls what, and
// which of the calls were made. Zeroed memory is a valid empty area. Thread safety: written by the body's thread before
// the others run; each thread marks its own calls.
#pragma once

#include <ravel/fixed_text.hpp>
#include <ravel/site.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::checks::detail {

struct written_call {
  std::uint32_t thread;
  std::atomic<std::uint32_t> is_made;
  fixed_text<120> words;  // put(3)
};

struct program_area {
  static constexpr std::uint32_t most_calls = 1024;
  site place;           // of check_operations
  std::uint32_t count;  // of calls; 0: there is no program
  std::uint32_t threads;
  bool has_lost;  // some did not fit
  written_call calls[most_calls];
};

// nullptr outside a run. That of the run whose report is being made, also in processes that replay and minimise.
[[nodiscard]] program_area* area_of_program() noexcept;
// Whether an execution of this process may be one that a finding shows: a token's, or one in a process that replays.
// The others need not write down what they do, which takes longer than to do it.
[[nodiscard]] bool is_shown() noexcept;

}  // namespace ravel::checks::detail
