// SPDX-License-Identifier: MIT
// Who is told of a finished report. Main thread of the parent.
#pragma once

#include <ravel/environment.hpp>
#include <ravel/report.hpp>

#include <functional>
#include <string>
#include <vector>

namespace ravel::detail {

// Hands the finished report to the sinks. One that throws (results could not be written) makes it broken.
void finish_report(report& report);

// What it returns; what it throws is a report, too: a usage_error misuse, another exception trouble of the machine.
// In a body it throws: the misuse is that of the run around it.
[[nodiscard]] report told(const std::string& name, const char* mode, const std::function<report()>& run);

// A sink that writes files below RAVEL_REPORT_DIR. Register at static initialisation.
void add_report_writer(report_sink sink);

// The author's mistakes that can be seen before a thread starts: a suppression without a reason or with a
// malformed date, RAVEL_REPORT_DIR without the JSON writer. Throws usage_error.
void check_before_run(const environment& asked, const std::vector<suppression>& suppressions);

}  // namespace ravel::detail
