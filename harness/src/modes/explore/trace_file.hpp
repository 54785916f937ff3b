// SPDX-License-Identifier: MIT
// Where the whole trace of a finding is kept: in RAVEL_REPORT_DIR, else the newest of a lane in <build>/ravel/traces.
// Parent only. Cost: one file, and a look at the folder.
#pragma once

#include <ravel/environment.hpp>
#include <ravel/finding.hpp>

#include <string>

namespace ravel::detail {

// The file's path; empty where there is no place for it, or it cannot be written.
[[nodiscard]] std::string save_trace(const finding& finding, const environment& asked, const std::string& text);

}  // namespace ravel::detail
