// SPDX-License-Identifier: MIT
// See controlled_run.hpp.
#include "controlled_run.hpp"

#include "confirm_races.hpp"
#include "explain.hpp"
#include "follow_schedule.hpp"
#include "nondeterminism.hpp"
#include "process/request_to_end.hpp"
#include "process/supervised_run.hpp"
#include "report/sinks.hpp"
#include "symbols/symbolize.hpp"

#include <ravel/token.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ravel::detail {

namespace {

// Before the executions: what the token's switches are in this build.
void follow_schedule(supervised_run& run, exploration& explore, prober& probe, schedule_follower& follower,
                     std::vector<std::string>& notes) {
  const token& token = *run.inner().asked.replay;
  follower.take({});
  follower.strategy->end_any_wait(true);
  explore.chosen = follower.strategy;
  run.prepare();
  const fitted_schedule fitted =
      fit_schedule(probe, run.inner().shared->modules, follower, token.schedule, token.trial);
  for (const std::string& missing : fitted.missing)
    notes.push_back("a switch of the token has no place in this build: " + missing + "; the others were followed");
  if (fitted.wanted != 0 && fitted.missing.size() == fitted.wanted)
    explore.unfollowable = "none of the places where " + to_string(token) + " switches threads is left in this build";
  if (fitted.is_shifted)
    notes.push_back("a switch of the token was moved to a neighbouring access: this build makes others of that line");
  explore.listener = follower.listener;
  follower.listener->start(*follower.seen);
}

}  // namespace

report run_controlled(const controlled_run& what) {
  const run_options common = run_options_of(what.options);
  exploration& explore = what.explore;
  const bool is_user = what.options.engine != engine_choice::kernel && can_switch_contexts();
  explore.engine = is_user ? engine_kind::user : engine_kind::kernel;
  const request_to_end noted(what.options.isolation != isolation::none);
  supervised_run run(common, what.asked, what.run, what.kind);
  prober probe(run, explore);
  std::optional<schedule_follower> follower;
  std::vector<std::string> notes;
  if (what.asked.replay && !what.asked.replay->schedule.empty()) {
    follower.emplace(explore);
    follow_schedule(run, explore, probe, *follower, notes);
    run.work();
  } else {
    run.go();
  }
  if (!what.asked.replay && request_to_end::came() == 0) look_for_nondeterminism(run, explore, probe);
  const symbolizing once;  // for the findings' places, and those of how they came about
  report result = run.make_report();
  result.notes.insert(result.notes.end(), notes.begin(), notes.end());
  confirm_races(run, explore, probe, result);
  explain_findings(run, explore, probe, follower ? &*follower : nullptr, result);
  run.inner().tell([&](observer& one) { one.findings_explained(run.inner(), result); });
  if (what.last_word) what.last_word(result);
  finish_report(result);
  noted.end_if_came(result);
  return result;
}

}  // namespace ravel::detail
