// SPDX-License-Identifier: MIT
// What every mode's options have in common, in the words of a run. Plain data.
#pragma once

#include <ravel/options.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ravel::detail {

struct run_options {
  std::string name;
  std::uint64_t trials = 1'000;
  double seconds = 20;           // no new trial starts after this; whichever budget ends first
  std::uint64_t stop_after = 0;  // findings, accepted ones not counted; 0: the whole budget is used
  std::uint64_t seed = 1;
  double trial_limit = 10;  // seconds until a trial that does not go on is a hang; 5 times that under Valgrind
  ravel::isolation isolation = ravel::isolation::batch;
  std::uint64_t trials_per_batch = 0;  // 0: as many as fit
  std::uint64_t memory_limit_mb = 0;   // 0: three quarters of what is free at the start
  bool may_be_undecided = false;
  bool is_program = false;  // the body is a whole program: it may end the process by exit
  std::vector<std::string> without = {};
  std::vector<std::string> may_outlive = {};  // names of processes of the target that may run on after a trial
  std::vector<std::string> trusted = {};      // libraries without instrumentation: what they order is taken as ordered
  std::vector<suppression> suppressions = {};
};

}  // namespace ravel::detail
