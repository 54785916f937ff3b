// SPDX-License-Identifier: MIT
// Does the target do the same when the same schedule is repeated? Two ordinary executions of each run (the second, and
// the longest) are replayed, and the replays compared event by event; a difference is a finding with the first point
// where they part. Parent only, after the run's executions. Cost: four probes.
#pragma once

#include "probe.hpp"

namespace ravel::detail {

// Opens findings in the run's table.
void look_for_nondeterminism(supervised_run& run, exploration& explore, prober& probe);

}  // namespace ravel::detail
