// SPDX-License-Identifier: MIT
// Races that are doubtful, because code that the sanitizer cannot see into may order them: do both threads come to
// their accesses at once? Rounds are run again, in processes of their own, in which a thread waits at its access for a
// moment for the other one (record/meeting). Where they meet nothing orders them, whatever is trusted. Parent only,
// after the report's findings are made. Cost: up to three seconds; nothing where there is no such finding. Source: Sen
// 2008 (Race directed random testing of concurrent programs), on free-running threads.
#pragma once

#include "process/supervised_run.hpp"

#include <ravel/report.hpp>

namespace ravel::detail {

// Makes those that it confirms certain, and the report faulty.
void meet_races(supervised_run& run, report& report);

}  // namespace ravel::detail
