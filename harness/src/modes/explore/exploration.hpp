// SPDX-License-Identifier: MIT
// What explore mode adds to a run: options in force, the strategy, and what parent and children share of it. Made in
// the parent before the first fork. Thread safety: as for the run; the shared parts are written by the child in flight.
#pragma once

#include "engine/execution.hpp"
#include "engine/left_out_calls.hpp"
#include "engine/schedule_log.hpp"
#include "engine/strategy.hpp"
#include "process/run_options.hpp"
#include "record/shared_arena.hpp"
#include "schedule_set.hpp"

#include <ravel/explore.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ravel::detail {

// How an execution ended that could not go on.
struct given_up {
  std::atomic<std::uint32_t> is_set;
  ending how;
  std::uint64_t points;
  std::uint32_t hot_count;  // over its budget: where its threads were most of the time, in its last steps
  struct {
    std::uintptr_t pc;
    std::uint32_t slot, percent;
  } hot[repetition::most_hot];
  static constexpr std::uint32_t most_starving = 8;
  std::uint32_t starving_count;           // over its budget: who was kept waiting by spinning, while others went on
  std::uint32_t starving[most_starving];  // slots of their records
};

struct explore_counts {
  std::atomic<std::uint64_t> executions, points, switches, most_points, most_switches, distinct, over_budget,
      too_many_objects;
};

struct shared_exploration {
  explore_counts counts;
  given_up end;
  schedule_set schedules;     // hashes of those seen
  std::uint64_t batch_start;  // the first trial of the process in flight
  schedule_log log;           // of the execution in flight
};

// The schedule of the execution in which a finding was seen first.
struct kept_schedule {
  static constexpr std::uint32_t capacity = 16;
  std::atomic<std::uint64_t> trial;  // 0: free
  std::uint64_t batch_start;         // the first trial that its process had run
  schedule_log log;

  void keep(const schedule_log& of, std::uint64_t batch) noexcept;
};

struct exploration {
  explicit exploration(const explore_options& options);

  const explore_options& options;
  shared_arena arena;
  engine_kind engine = engine_kind::user;
  execution_limits limits;
  strategy* chosen = nullptr;
  event_listener* listener = nullptr;
  bool is_regression = false;          // a replay that does not show its finding is as it should be
  left_out_calls* left_out = nullptr;  // in the arena: what executions do without
  std::string unfollowable;            // why the schedule of the token cannot be followed here; empty: it can
  shared_exploration* shared = nullptr;
  kept_schedule* kept = nullptr;     // kept_schedule::capacity of them
  kept_schedule* second = nullptr;   // of the run's second execution, and
  kept_schedule* longest = nullptr;  // of the one with the most points

  // Keeps the log of the trial in flight if it is not kept yet and there is room.
  void keep_schedule(std::uint64_t trial) noexcept;
  [[nodiscard]] const kept_schedule* schedule_of(std::uint64_t trial) const noexcept;
  // In a process forked by the parent: counts and logs of its own.
  void start_afresh();
};

[[nodiscard]] run_options run_options_of(const explore_options& options);

// In the child, around the body of one execution. The strategy and what it needs are the exploration's.
void begin_execution(exploration& explore, std::uint64_t seed, std::uint64_t trial,
                     thread_record* body_record) noexcept;
void end_execution(exploration& explore) noexcept;
// The same for a program that has ended: its other threads are not waited for.
void abandon_execution(exploration& explore) noexcept;

}  // namespace ravel::detail
