// SPDX-License-Identifier: MIT
// From shared records to a report's findings. See add_findings.cpp.
#pragma once

#include "record/finding_table.hpp"
#include "record/modules.hpp"

#include <ravel/environment.hpp>
#include <ravel/report.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ravel::detail {

struct report_context {
  const environment* asked;
  std::vector<suppression> suppressions;
  std::uint64_t seed;
  std::uint64_t trials_run;
  // What a trial was left to, as tokens name it; empty: as token says by default.
  std::function<std::string(std::uint64_t trial)> strategy_of = {};
  // In a replay whose trials are the token's own: findings keep it, and only the last trial could show them.
  const token* replayed = nullptr;
  std::vector<std::string> trusted = {};  // libraries: what they order is taken as ordered
};
// Fills report.findings from the table (failing ones first), and notes on unused suppressions.
void add_findings(report& report, const finding_table& table, const module_table& modules,
                  const report_context& context);

// Why members and local variables have no names, once: there is no libdw, or no debug information.
void note_missing_names(std::vector<std::string>& notes);

}  // namespace ravel::detail
