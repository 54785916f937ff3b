// SPDX-License-Identifier: MIT
// Findings of fuzz mode are shown again by the file of their input: it is saved, with the schedule token beside it, and
// the finding says how. Parent only. Cost: two small files a finding.
#pragma once

#include "fuzz_mode.hpp"

#include <ravel/environment.hpp>
#include <ravel/report.hpp>

namespace ravel::detail {

void name_crash_files(report& result, const fuzz_mode& mode, const fuzz_target& target, const fuzz_options& options,
                      const environment& asked);

}  // namespace ravel::detail
