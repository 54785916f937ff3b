// SPDX-License-Identifier: MIT
// What the process that runs trials does: one trial after another on persistent threads, until the budget or
// the batch ends. Runs in a forked child, or in this process without isolation.
#pragma once

#include "run.hpp"

#include <ravel/trial.hpp>

#include <cstdint>

namespace ravel::detail {

struct batch_plan {
  std::uint64_t first_attempt = 1;
  std::uint64_t last_attempt = 1;
  std::uint64_t replayed_trial = 0;     // 0: none
  std::uint64_t first_replayed = 0;     // explore: the trials from here to replayed_trial are run,
  std::uint64_t prepared = 0;           // so many of them in processes of their own: for what the strategy learns
  std::uint64_t shard = 0, shards = 1;  // attempt n is trial (n - 1) * shards + shard + 1
};

[[nodiscard]] std::uint64_t trial_of(const run& run, const batch_plan& plan, std::uint64_t attempt) noexcept;

void run_batch(run& run, const body& body, const batch_plan& plan);

// A program's exit handlers have run: closes its trial and its batch. Its other threads go no further.
void finish_program_batch(run& run);

}  // namespace ravel::detail
