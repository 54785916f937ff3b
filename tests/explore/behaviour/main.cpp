// SPDX-License-Identifier: MIT
// Runs every behaviour on both engines in the points variant, and on one and the other by turns in the others. Names as
// arguments choose some, and both engines; TESTS_PART a part of those (part.hpp). Exit code 1 when one did not behave.
#include "behaviour.hpp"

#include "../../part.hpp"
#include "../../registered.hpp"

#include <ravel/report.hpp>

#include <algorithm>
#include <cstdio>
#include <string>

namespace behaviour {

RAVEL_REGISTERED_HERE;

namespace {

bool is_as_due(const entry& one, const ravel::report& report) {
  if (!one.due) return report.verdict == ravel::verdict::clean;
  return !report.findings.empty() &&
         std::ranges::all_of(report.findings, [&](const ravel::finding& finding) { return finding.kind == *one.due; });
}

bool behaves(const entry& one, ravel::engine_choice engine) {
  ravel::explore_options options = one.options;
  options.name = one.name;
  options.engine = engine;
  if (options.executions == ravel::explore_options{}.executions)
    options.executions = variant() == "plain" || variant() == "points" ? 60 : 20;
  const ravel::report report = ravel::explore(options, one.body);
  const bool is_right = is_as_due(one, report);
  std::printf(
      "%-4s %-36s %-6s %6llu executions %8.1f points each %6.2f s\n", is_right ? "ok" : "BAD", one.name.c_str(),
      report.engine.c_str(), static_cast<unsigned long long>(report.trials_run),
      static_cast<double>(report.points_seen) / static_cast<double>(std::max<std::uint64_t>(report.trials_run, 1)),
      report.seconds);
  if (!is_right) std::printf("%s\n", ravel::to_text(report).c_str());
  std::fflush(stdout);
  return is_right;
}

}  // namespace

}  // namespace behaviour

int main(int count, char** arguments) {
  bool all_behave = true;
  const tests::part part = tests::wanted_part();
  std::size_t index = 0;
  auto turn = ravel::engine_choice::kernel;
  for (const behaviour::entry& one : behaviour::entries()) {
    const bool is_wanted =
        count < 2 || std::any_of(
                         arguments + 1, arguments + count,
                         [&](const std::string& word) { return one.name.find(word) != std::string::npos; });
    if (!is_wanted || !part.has(index++)) continue;
    if (const char* wrong = one.outside == nullptr ? nullptr : one.outside(); wrong != nullptr) {
      std::printf("BAD  %s, outside of a run: %s\n", one.name.c_str(), wrong);
      all_behave = false;
    }
    turn = turn == ravel::engine_choice::user ? ravel::engine_choice::kernel : ravel::engine_choice::user;
    for (const auto engine : {ravel::engine_choice::user, ravel::engine_choice::kernel})
      if (count > 1 || behaviour::variant() == "points" || engine == turn)
        all_behave = behaviour::behaves(one, engine) && all_behave;
  }
  return all_behave ? 0 : 1;
}
