// SPDX-License-Identifier: MIT
// Stress mode: rounds of the body on real cores, free-running, in forked children that cannot take the
// run down with them. Call from a process that has one thread. Blocks for at most the budget plus the
// limits below. Errors: nothing is thrown; misuse is a report with exit code 64, trouble of the machine one with 70.
#pragma once

#include <ravel/options.hpp>
#include <ravel/report.hpp>
#include <ravel/trial.hpp>
#include <ravel/usage_error.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ravel {

struct stress_options {
  std::string name = "stress";
  std::uint64_t rounds = 1'000;
  double seconds = 20;           // no new round starts after this; whichever budget ends first
  std::uint64_t stop_after = 0;  // findings, accepted ones not counted; 0: the whole budget is used
  std::uint64_t seed = 1;
  double round_limit = 10;  // seconds until a round that does not end is a hang; 5 times that under Valgrind
  ravel::isolation isolation = ravel::isolation::batch;
  std::uint64_t rounds_per_batch = 0;  // 0: as many as fit
  noise_options noise = {};
  std::uint64_t memory_limit_mb = 0;  // 0: three quarters of what is free at the start
  bool may_be_undecided = false;
  bool is_program = false;                    // set by run_program: the body is a program that ends by exit
  std::vector<std::string> without = {};      // checks switched off, by name
  std::vector<std::string> may_outlive = {};  // names of processes of the target that may run on after a trial
  std::vector<std::string> trusted = {};      // libraries without instrumentation: what they order is taken as ordered
  std::vector<suppression> suppressions = {};
};

[[nodiscard]] report stress(stress_options options, const body& body);

}  // namespace ravel
