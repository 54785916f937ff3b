// SPDX-License-Identifier: MIT
// See explain.hpp.
#include "explain.hpp"

#include "../report_building.hpp"
#include "../run_hooks.hpp"
#include "../supervised_run.hpp"
#include "replays.hpp"

#include <ravel/report.hpp>
#include <ravel/token.hpp>

namespace ravel::detail {

namespace {

constexpr unsigned most_explained = 5;
constexpr double replay_seconds = 3;  // for each finding

bool is_replayable(const finding& finding) {
  if (finding.is_informative || !finding.suppressed.empty() || finding.first_trial == 0) return false;
  // Each would cost the execution limit, or the machine's memory.
  return finding.kind != finding_kind::hang && finding.kind != finding_kind::memory_exhausted;
}

void renew_token(finding& finding, const environment& asked) {
  if (finding.replayed_from == 0) return;
  token token = parse_token(finding.token);
  token.first = finding.replayed_from;
  finding.token = to_string(token);
  finding.rerun = rerun_command(asked, finding.token);
}

}  // namespace

void explain_findings(supervised_run& run, exploration& explore, report& report) {
  const environment& asked = run.inner().asked;
  if (asked.replay || run.inner().options.isolation == isolation::none || is_under_valgrind()) return;
  prober probe(run, explore);
  replayer replayer(probe, explore);
  unsigned explained = 0;
  for (finding& finding : report.findings) {
    if (!is_replayable(finding) || explained++ == most_explained) continue;
    replayer.replay(finding, seconds_now() + replay_seconds);
    renew_token(finding, asked);
  }
}

}  // namespace ravel::detail
