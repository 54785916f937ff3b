// SPDX-License-Identifier: MIT
// What follows a run with findings: each failing one is replayed, minimised, and shown as an interleaving; its token
// becomes the one that shows it again in other builds, too. Parent only. Takes some seconds for each of the first five.
#pragma once

#include "follow_schedule.hpp"
#include "probe.hpp"

#include <ravel/report.hpp>

namespace ravel::detail {

// followed: of the run's own execution, when it was one with a script; else null.
void explain_findings(supervised_run& run, exploration& explore, prober& probe, const schedule_follower* followed,
                      report& report);

}  // namespace ravel::detail
