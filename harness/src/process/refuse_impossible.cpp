// SPDX-License-Identifier: MIT
// See refuse_impossible.hpp.
#include "refuse_impossible.hpp"

#include "run_options.hpp"

#include <ravel/usage_error.hpp>

#include <cstdint>
#include <string>

namespace ravel::detail {

namespace {

constexpr double longest = 1e9;  // seconds; about thirty years

bool is_a_time(double seconds) { return seconds > 0 && seconds <= longest; }  // NaN is none

std::string said(const std::string& name, double value) { return name + " = " + std::to_string(value) + ": "; }

}  // namespace

void refuse_impossible(const run_options& options, const std::string& trials, const std::string& limit) {
  const std::string trial = trials.substr(0, trials.size() - 1);
  if (options.name.empty()) throw usage_error("name = \"\": give the test a name; tokens hold it.");
  if (options.trials == 0) throw usage_error(trials + " = 0: nothing would run; write ." + trials + " = 1 or more.");
  if (!is_a_time(options.seconds))
    throw usage_error(said("seconds", options.seconds) + "write a time budget above 0, and of 1e9 at most.");
  if (!is_a_time(options.trial_limit))
    throw usage_error(said(limit, options.trial_limit) + "write the seconds after which a " + trial +
                      " that does not end is a hang, above 0, and 1e9 at most.");
  if (options.isolation > isolation::none)
    throw usage_error("isolation = " + std::to_string(static_cast<unsigned>(options.isolation)) +
                      ": there is none of this number; write isolation::batch, trial or none.");
  constexpr std::uint64_t most_memory = std::uint64_t{1} << 40;
  if (options.memory_limit_mb > most_memory)
    throw usage_error("memory_limit_mb = " + std::to_string(options.memory_limit_mb) +
                      ": write megabytes, or 0 for three quarters of what is free.");
}

}  // namespace ravel::detail
