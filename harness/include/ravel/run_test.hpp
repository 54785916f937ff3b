// SPDX-License-Identifier: MIT
// One body, run in the mode that the environment asks for (RAVEL_MODE, which ravel_add_test sets by the lane): stressed
// or explored. This is what RAVEL_TEST_CASE calls. Contract and errors: as for stress() and explore().
#pragma once

#include <ravel/explore.hpp>
#include <ravel/stress.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ravel {

// The options of both modes, each in the words of its own header; those of the other mode do no harm.
struct test_options {
  std::string name = "test";
  std::uint64_t rounds = 1'000;       // stress
  std::uint64_t executions = 10'000;  // explore
  double seconds = 20;
  std::uint64_t points = 1'000'000;  // explore: of an execution
  std::uint64_t stop_after = 0;      // findings; 0: the whole budget is used
  std::uint64_t seed = 1;
  double round_limit = 10;             // seconds, of a round or an execution
  std::string strategy = "portfolio";  // explore
  unsigned preemptions = 2;            // explore, dfs; ~0u: no bound
  engine_choice engine = engine_choice::automatic;
  ravel::isolation isolation = ravel::isolation::batch;
  std::uint64_t rounds_per_batch = 0;  // executions, too; 0: as many as fit
  double hold_up = 0.1;                // explore, seconds
  bool has_spurious_wakeups = false;   // explore
  bool has_early_timeouts = false;
  bool has_failing_tries = false;
  noise_options noise = {};  // stress
  std::uint64_t memory_limit_mb = 0;
  bool may_be_undecided = false;
  bool is_program = false;  // set by run_program: the body is a program that ends by exit
  std::vector<std::string> without = {};
  std::vector<std::string> may_outlive = {};  // names of processes of the target that may run on after a trial
  std::vector<std::string> trusted = {};      // libraries without instrumentation: what they order is taken as ordered
  std::vector<suppression> suppressions = {};
};

[[nodiscard]] stress_options for_stress(const test_options& options);
[[nodiscard]] explore_options for_explore(const test_options& options);
[[nodiscard]] report run_test(const test_options& options, const body& body);

}  // namespace ravel
