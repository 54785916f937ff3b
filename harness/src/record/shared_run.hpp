// SPDX-License-Identifier: MIT
// Everything that a run's processes share, in one mapping made before the first fork: what is going on,
// findings, threads, modules, and areas that checks asked for. Plain memory, zeroed at the start, at the
// same address in all processes. Thread safety: the fields' own atomics.
#pragma once

#include "finding_table.hpp"
#include "invariant_table.hpp"
#include "modules.hpp"
#include "outcome_table.hpp"
#include "thread_table.hpp"

#include <atomic>
#include <cstdint>

namespace ravel::detail {

enum class stage : std::uint32_t { starting, body, phase, between, finished };

struct run_control {
  std::atomic<std::uint64_t> trial;    // in flight; 0: none. Names the random numbers
  std::atomic<std::uint64_t> attempt;  // counts up with every trial; equals trial but in a replay
  std::atomic<std::uint64_t> trials_completed;
  std::atomic<std::uint32_t> stage;
  std::atomic<std::uint32_t> phase;     // 1.. within the trial
  std::atomic<std::uint32_t> batch;     // 1..
  std::atomic<std::uint64_t> moved_ns;  // steady clock: when the trial started, or ended
  std::atomic<std::uint64_t> threads_in_trial;
  std::atomic<std::uint64_t> most_threads;
  std::atomic<std::uint32_t> ends_batch;      // a check wants a fresh process
  std::atomic<std::uint32_t> death_is_noted;  // the child said itself why it dies
  std::atomic<std::uint32_t> has_usage_error;
  fixed_text<1024> usage_error;  // thrown by the body, or by a worker, in the child
};

struct shared_run {
  run_control control;
  finding_table findings;
  thread_table threads;
  module_table modules;
  outcome_table outcomes;
  invariant_table invariants;
};

// The run in flight in this process or, in a child, of its parent; nullptr outside and in processes that
// the target forks.
[[nodiscard]] shared_run* current_shared_run() noexcept;
void set_current_shared_run(shared_run* run) noexcept;
// In a process that the target forked: the run of the process that it came from; else nullptr.
[[nodiscard]] shared_run* run_that_forked() noexcept;
void leave_shared_run() noexcept;  // it has been forked
[[nodiscard]] inline std::uint64_t current_attempt() noexcept {
  const shared_run* run = current_shared_run();
  return run == nullptr ? 0 : run->control.attempt.load(std::memory_order_relaxed);
}

}  // namespace ravel::detail
