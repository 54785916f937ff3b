// SPDX-License-Identifier: MIT
// Explore mode: executions of the body under control. One thread runs at a time, on real pthreads; at each point a
// strategy chooses who goes on. Every schedule can be repeated. Call from a process that has one thread. Blocks for at
// most the budget plus the limits below. Errors: nothing is thrown; misuse is a report with exit code 64, trouble of
// the machine one with 70.
// What is explored is sequentially consistent: weaker effects of relaxed atomics do not show.
#pragma once

#include <ravel/stress.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ravel {

struct explore_options {
  std::string name = "explore";
  std::uint64_t executions = 10'000;
  double seconds = 20;  // no new execution starts after this; whichever budget ends first
  // An execution that passes more is given up: a livelock if its threads then repeat themselves for ever, else
  // undecided. Of what a thread passes while nobody else can run, ten points count as one.
  std::uint64_t points = 1'000'000;
  std::uint64_t stop_after = 0;  // findings, accepted ones not counted; 0: the whole budget is used
  std::uint64_t seed = 1;
  // portfolio (all but the last by turns), random, pct, pos, surw, rf; or dfs: all schedules, up to a bound.
  std::string strategy = "portfolio";
  unsigned preemptions = 2;  // dfs: covers all schedules with at most so many; ~0u: without a bound
  engine_choice engine = engine_choice::automatic;
  double execution_limit = 10;  // seconds until an execution that does not come to a point is a hang
  ravel::isolation isolation = ravel::isolation::batch;
  std::uint64_t executions_per_batch = 0;  // 0: as many as fit
  // Seconds of virtual time for which a machine may hold a thread up: a sleep or a wait with a time limit that has no
  // more than that left may end while others can run; a longer one ends only when nothing else can run. 0: none ends
  // early.
  double hold_up = 0.1;
  // What the world may do, though it seldom does. A finding that needs one says so.
  bool has_spurious_wakeups = false;
  bool has_early_timeouts = false;  // also of waits that are longer than the hold-up
  bool has_failing_tries = false;
  std::uint64_t memory_limit_mb = 0;
  bool may_be_undecided = false;
  bool is_program = false;                    // set by run_program: the body is a program that ends by exit
  std::vector<std::string> without = {};      // checks switched off, by name
  std::vector<std::string> may_outlive = {};  // names of processes of the target that may run on after a trial
  std::vector<std::string> trusted = {};      // libraries without instrumentation: what they order is taken as ordered
  std::vector<suppression> suppressions = {};
};

[[nodiscard]] report explore(explore_options options, const body& body);

}  // namespace ravel
