// SPDX-License-Identifier: MIT
// From the results of all cases to one exit code: the worst wins. Catch2's own exit code is not used: 2.13 returns
// the number of failures, so 77 of them would look like CTest's code for "skipped". Pure functions.
#include "case_results.hpp"

namespace ravel::detail {

namespace {

std::string known_cases(const case_results& own) {
  std::string list;
  for (const auto* names : {&own.names, &own.other_names})
    for (const std::string& name : *names) list += "\n  \"" + name + "\"";
  return list.empty() ? " none that Ravel runs" : list;
}

}  // namespace

int conclude(const case_results& own, const catch2_totals& counted, const std::string& replayed_token,
             std::string& reason) {
  reason.clear();
  if (own.misused != 0) return 64;  // said where it happened
  if (!counted.is_complete) {
    reason = "Catch2 did not come to the end of its run";
    return exit_code(verdict::broken);
  }
  if (!replayed_token.empty() && own.runs == 0 && counted.cases != 0) {
    reason = "RAVEL_REPLAY=" + replayed_token +
             " names no test case of this program. Its test cases are:" + known_cases(own);
    return 64;
  }
  if (counted.cases == 0) {
    reason = "no test case ran: none matches the arguments, or this program has none";
    return exit_code(verdict::broken);
  }
  if (own.broken != 0) return exit_code(verdict::broken);
  const bool has_failed_assertion = counted.failed_assertions > own.failures_told;
  if (own.faulty != 0 || has_failed_assertion) return exit_code(verdict::faulty);
  if (own.undecided != 0) return exit_code(verdict::undecided);
  // Catch2 3 counts a skipped case apart, 2.13 as passed.
  const std::uint64_t skipped = own.skipped > counted.skipped_cases ? own.skipped : counted.skipped_cases;
  if (skipped != 0 && skipped + own.passed_over >= counted.cases) return exit_code(verdict::skipped);
  return exit_code(verdict::clean);
}

std::string test_spec_for(const std::string& name) {
  std::string spec;
  for (const char c : name) {
    const bool is_special = std::string("\\,[]\"*~").find(c) != std::string::npos;
    if (is_special) spec += '\\';
    spec += c;
  }
  // An argument that starts with a dash would be taken for an option; Catch2 trims the blank.
  return !spec.empty() && spec.front() == '-' ? " " + spec : spec;
}

}  // namespace ravel::detail
