// SPDX-License-Identifier: MIT
// Races that are doubtful, because code that the sanitizer cannot see into may order them: can both threads be brought
// to their accesses at once? Then nothing orders them, whatever is trusted. Executions are directed there
// (strategy/racing), each in a process of its own, until that happens or the number or the time for it is spent. Parent
// only, after the report's findings are made. Cost: a probe for each execution, see probe.hpp; nothing where there is
// no such finding.
#pragma once

#include "probe.hpp"

#include <ravel/report.hpp>

namespace ravel::detail {

// Makes those that it confirms certain, and the report faulty; tells of the others how often it was tried.
void confirm_races(supervised_run& run, exploration& explore, prober& probe, report& report);

}  // namespace ravel::detail
