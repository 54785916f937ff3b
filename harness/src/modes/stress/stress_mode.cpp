// SPDX-License-Identifier: MIT
// See stress_mode.hpp.
#include "stress_mode.hpp"

#include "process/run.hpp"
#include "workers/noise.hpp"
#include "workers/pool.hpp"

#include <algorithm>

namespace ravel::detail {

void stress_mode::plan(const run& run, batch_plan& plan) const {
  mode::plan(run, plan);
  if (plan.replayed_trial == 0) return;
  // What earlier rounds have found counts, too: it is the machine that interleaves.
  plan.first_counted = 0;
  plan.wanted = std::max<std::uint64_t>(2 * run.options.trials, 1000);
}

// In a replay, odd attempts repeat the round of the token, even ones run the others in order: the finding may
// have needed what an earlier round left behind.
std::uint64_t stress_mode::number_of(const batch_plan& plan, std::uint64_t attempt) const noexcept {
  if (plan.replayed_trial == 0) return mode::number_of(plan, attempt);
  return attempt % 2 == 1 ? plan.replayed_trial : attempt / 2;
}

std::unique_ptr<job_runner> stress_mode::start_batch(const run& /*run*/, const batch_plan& /*plan*/) {
  return std::make_unique<worker_pool>();
}

void stress_mode::begin_trial(const run& run, std::uint64_t trial) noexcept {
  set_noise(noise_, run.options.seed, trial, !run.asked.replay);
}

std::string stress_mode::why_not_again() const { return ": in stress mode the interleaving is the machine's"; }

}  // namespace ravel::detail
