// SPDX-License-Identifier: MIT
// Stress mode: rounds of the body on real cores, free-running, in forked children that cannot take the
// run down with them. Call from a process that has one thread. Blocks for at most the budget plus the
// limits below. Errors: usage_error before any thread starts.
#pragma once

#include <ravel/report.hpp>
#include <ravel/trial.hpp>
#include <ravel/usage_error.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ravel {

enum class isolation : std::uint8_t {
  batch,  // a forked child runs consecutive rounds on persistent threads
  trial,  // a fork for each round: globals are fresh
  none,   // in this process, for debuggers; a crash ends the process
};

// Disturbs schedules: chances are per 1000 places (steps, before a lock is taken, after one is given up).
// Automatic, the default: every other round is quiet, the others are disturbed by a strength drawn from the
// seed. With chances given, these hold in every round; {.automatic = false} alone means no noise at all.
struct noise_options {
  bool automatic = true;
  unsigned yields_per_1000 = 0;
  unsigned sleeps_per_1000 = 0;
  unsigned longest_sleep_us = 50;
  unsigned migrations_per_1000 = 0;  // pins the thread to another core it may use
};

// Accepts a known finding. Needs a reason; an unused one is reported; an expired one fails to apply.
struct suppression {
  std::string match;    // part of the finding's text: its headline, a function, a file
  std::string reason;   // required
  std::string expires;  // "2027-01-31", or empty
};

struct stress_options {
  std::string name = "stress";
  std::uint64_t rounds = 1'000;
  double seconds = 20;  // no new round starts after this; whichever budget ends first
  std::uint64_t seed = 1;
  double round_limit = 10;  // seconds until a round that does not end is a hang; 5 times that under Valgrind
  ravel::isolation isolation = ravel::isolation::batch;
  std::uint64_t rounds_per_batch = 0;  // 0: as many as fit
  noise_options noise = {};
  std::uint64_t memory_limit_mb = 0;  // 0: three quarters of what is free at the start
  bool may_be_undecided = false;
  bool is_program = false;                // set by run_program: the body is a program that ends by exit
  std::vector<std::string> without = {};  // checks switched off, by name
  std::vector<suppression> suppressions = {};
};

[[nodiscard]] report stress(stress_options options, const body& body);

}  // namespace ravel
