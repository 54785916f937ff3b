// SPDX-License-Identifier: MIT
// Accepting known findings: which suppression applies, and which were of no use.
// Parent only, single-threaded. Cost: findings x suppressions x length of the text.
#pragma once

#include <ravel/options.hpp>
#include <ravel/report.hpp>

#include <string>
#include <vector>

namespace ravel::detail {

// "2026-11-21", in UTC. The only use of the calendar: a suppression ends with its last day.
[[nodiscard]] std::string today();

// Sets finding.suppressed where one matches, and notes expired and unused ones in report.notes.
void apply_suppressions(report& report, const std::vector<suppression>& suppressions, const std::string& today);

// Throws usage_error for a suppression that lacks its match or its reason, or has a malformed date.
void check_suppressions(const std::vector<suppression>& suppressions);

}  // namespace ravel::detail
