// SPDX-License-Identifier: MIT
// What the options of several modes have in common. Plain data.
#pragma once

#include <cstdint>
#include <string>

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

enum class engine_choice : std::uint8_t {
  automatic,  // user where the machine allows it, else kernel
  user,       // threads' contexts exchanged on one kernel thread; not under Valgrind
  kernel,     // each thread on its own kernel thread, one at a time; anywhere, also under a debugger
};

}  // namespace ravel
