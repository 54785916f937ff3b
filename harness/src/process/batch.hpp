// SPDX-License-Identifier: MIT
// What the process that runs trials does: one trial after another on persistent threads, until the budget or
// the batch ends. Runs in a forked child, or in this process without isolation.
#pragma once

#include "run.hpp"

#include <ravel/trial.hpp>

#include <cstdint>

namespace ravel::detail {

void run_batch(run& run, const body& body, const batch_plan& plan);

// A program's exit handlers have run: closes its trial and its batch. Its other threads go no further.
void finish_program_batch(run& run);

}  // namespace ravel::detail
