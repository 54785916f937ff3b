// SPDX-License-Identifier: MIT
// Processes that a run made: Ravel's own for trials, and those that the target forked, with where it did so. In memory
// that all of them share, one for each process that runs tests: whoever outlives the others finds who is left.
// Thread safety: any thread of any of these processes. Cost of noting one: some 10 us, most of it reading /proc.
#pragma once

#include "last_words.hpp"

#include <ravel/fixed_text.hpp>
#include <ravel/raw_stack.hpp>

#include <sys/types.h>

#include <atomic>
#include <cstdint>

namespace ravel::detail {

struct made_process {
  std::atomic<std::int32_t> pid;  // 0: none
  std::uint64_t started;          // as /proc has it: numbers are used again; 0: it had ended when it was noted
  std::uint64_t trial;            // in which the target made it; 0: Ravel's own
  raw_stack made_at;
  fixed_text<48> thread;  // that made it
};

struct made_processes {
  static constexpr std::uint32_t capacity = 1'024;  // the latest ones
  std::atomic<std::uint32_t> count;                 // of all that were made
  std::atomic<std::uint32_t> is_swept;              // the keeper took who made them for ended
  made_process entries[capacity];
  last_words words;
};

// nullptr: no run has begun in this process, or in the one that it descends from.
[[nodiscard]] made_processes* all_made_processes() noexcept;
void map_made_processes();
[[nodiscard]] bool has_own_made_processes() noexcept;  // not those of a process that forked this one

// By the process that made it. trial 0: Ravel itself did.
void note_made_process(pid_t pid, std::uint64_t trial, const raw_stack& made_at) noexcept;

// When it started; 0: it is gone, or has ended and nobody has asked for its status.
[[nodiscard]] std::uint64_t start_of_process(pid_t pid) noexcept;
[[nodiscard]] inline bool is_alive(const made_process& one) noexcept {
  const pid_t pid = one.pid.load(std::memory_order_acquire);
  return pid != 0 && one.started != 0 && start_of_process(pid) == one.started;
}

}  // namespace ravel::detail
