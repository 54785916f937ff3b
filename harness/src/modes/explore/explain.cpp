// SPDX-License-Identifier: MIT
// See explain.hpp.
#include "explain.hpp"

#include "anchors.hpp"
#include "base/duration_text.hpp"
#include "base/steady_clock.hpp"
#include "bridge/hidden_memory.hpp"
#include "confirm.hpp"
#include "interleaving.hpp"
#include "minimise.hpp"
#include "named_locks.hpp"
#include "process/supervised_run.hpp"
#include "reduce_calls.hpp"
#include "replays.hpp"
#include "report/add_findings.hpp"
#include "report/rerun.hpp"
#include "single_switches.hpp"
#include "steady_places.hpp"
#include "trace_file.hpp"

#include <ravel/token.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace ravel::detail {

namespace {

constexpr unsigned most_explained = 5;
// For each finding. A busy machine takes that long; else the number of probes ends it before.
constexpr double replay_seconds = 5;
constexpr double minimise_seconds = 5;
constexpr unsigned minimise_probes = 300;
constexpr double longest_reduced_seconds = 1;  // one execution: reducing takes dozens at least
constexpr std::size_t many_switches = 4, most_tried_early = 80;
constexpr double moving_seconds = 3;
constexpr std::uint64_t few_points[] = {200, 1'000, 3'000};  // all steps fit a trace, also of what goes on alone

bool is_same_place(const scripted_switch& a, const scripted_switch& b) {
  return a.thread == b.thread && a.event == b.event;
}

bool is_replayable(const finding& finding) {
  if (is_doubtful(finding)) return false;  // what settles it is no schedule
  if (finding.is_informative || !finding.suppressed.empty() || finding.first_trial == 0) return false;
  // Each would cost the execution limit, or the machine's memory; or has been replayed to be found.
  if (finding.kind == finding_kind::uncontrolled && finding.check == "watchdog") return false;
  return finding.kind != finding_kind::hang && finding.kind != finding_kind::memory_exhausted &&
         finding.kind != finding_kind::nondeterminism;
}

bool leaves_something_out(const step& one) { return one.skipped != 0 || one.times > 1 || one.came_again != 0; }

// What the world did in that execution that no thread chose. In a minimised one nothing of it can be left out.
void tell_what_it_needs(finding& finding, const trace& trace) {
  const std::string verb = finding.is_minimised ? "needs " : "was seen with ";
  if (trace.held_up != 0)
    finding.notes.push_back(verb + "a thread that is held up for " + duration_text(trace.held_up) +
                            ": a sleep or a timed wait ended while others could run (.hold_up)");
  constexpr std::pair<oddity, const char*> words[] = {
      {oddity::spurious_wakeup, "a wake-up that nobody made (.has_spurious_wakeups)"},
      {oddity::early_timeout, "a time-out that came early (.has_early_timeouts)"},
      {oddity::failing_try, "a try that failed although it could have succeeded (.has_failing_tries)"}};
  for (const auto& [one, text] : words)
    if ((trace.oddities & static_cast<std::uint32_t>(one)) != 0) finding.notes.push_back(verb + text);
}

class explainer {
 public:
  explainer(supervised_run& run, exploration& explore, prober& probe)
      : run_(run),
        probe_(probe),
        replayer_(probe, explore),
        confirmer_(run, explore, probe),
        follower_(explore),
        places_(run.inner().shared->modules) {}

  void explain(finding& finding) {
    const double began = seconds_now();
    if (!asked().replay) replayer_.replay(finding, began + replay_seconds);
    seconds_of_one_ = finding.replays == 0 ? 0 : (seconds_now() - began) / finding.replays;
    if (finding.replayed_from != 0) {
      token token = parse_token(finding.token);
      token.first = finding.replayed_from;
      give_token(finding, token);
      return;
    }
    if (!asked().replay && finding.replays_shown == 0) return;
    const bool is_traced =
        finding.kind == finding_kind::livelock ? trace_in_few_points(finding) : trace_by_log(finding);
    if (is_traced && !asked().replay) {
      if (seconds_of_one_ <= longest_reduced_seconds)
        minimise(finding);
      else
        finding.notes.push_back("not reduced to the switches that matter: one execution takes " +
                                std::to_string(static_cast<int>(seconds_of_one_ + 0.5)) + " s");
    }
    if (is_traced) show(finding, *follower_.seen);
    points_ = 0;
    follower_.leave_out({});
  }

  // What could deadlock: where it was brought to that, the deadlock is what is replayed and explained.
  void explain_possible(finding& told) {
    const unsigned directed_before = told.directed;
    std::optional<finding> deadlock = confirmer_.confirm(told);
    if (!deadlock) {
      if (told.directed == directed_before)
        told.notes.push_back("not tried to confirm: the time for it went to the findings before");
      return explain(told);
    }
    told.is_confirmed = true;
    replayer_.replay_by(confirmer_.schedule());
    explain(*deadlock);
    replayer_.replay_by(nullptr);
    if (parse_token(deadlock->token).schedule.empty()) return explain(told);
    told.token = deadlock->token;
    told.rerun = deadlock->rerun;
    told.replays = deadlock->replays;
    told.replays_shown = deadlock->replays_shown;
    told.interleaving = std::move(deadlock->interleaving);
    name_locks(told, locks_);
    told.heap_objects = std::move(deadlock->heap_objects);
    told.left_out = std::move(deadlock->left_out);
    told.trace_file = std::move(deadlock->trace_file);
    told.is_minimised = deadlock->is_minimised;
    told.switches = deadlock->switches;
  }
  [[nodiscard]] bool is_possible(const finding& told) const { return !asked().replay && confirmer_.is_possible(told); }

  void show(finding& finding, const trace& trace) {
    places_.learn(trace);
    object_names names(trace, places_, run_.inner().shared->modules);
    const std::vector<const traced_event*> about = tell_interleaving(finding, trace, places_, names);
    locks_ = named_locks(about, trace, places_, names);
    name_locks(finding, locks_);
    if (!finding.left_out.empty() || std::ranges::any_of(finding.interleaving, leaves_something_out))
      finding.trace_file = save_trace(finding, asked(), whole_trace_text(trace, places_, names));
    run& run = run_.inner();
    run.tell([&](observer& one) { one.execution_shown(run, finding); });
    tell_what_it_needs(finding, trace);
  }

 private:
  [[nodiscard]] const environment& asked() const { return run_.inner().asked; }

  void give_token(finding& finding, const token& token) {
    finding.token = to_string(token);
    finding.rerun = rerun_command(asked(), finding.token);
  }

  bool traced(const finding& finding, strategy* chosen) {
    follower_.listener->start(*follower_.seen);
    probe_plan plan;
    plan.chosen = chosen;
    plan.trial = finding.first_trial;
    plan.want_only(finding.kind);
    plan.listener = follower_.listener;
    plan.points = points_;
    return probe_.is_among(finding, probe_(plan));
  }

  bool trace_by_log(const finding& finding) {
    strategy* log = replayer_.strategy_for(finding);
    return log != nullptr && traced(finding, log);
  }

  // What goes on for ever does so long before the budget of an execution is spent.
  bool trace_in_few_points(const finding& finding) {
    for (const std::uint64_t points : few_points) {
      points_ = points;
      if (trace_by_log(finding) && follower_.seen->lost == 0) return true;
    }
    points_ = 0;
    return trace_by_log(finding);
  }

  bool shows(const finding& finding, const std::vector<scripted_switch>& script) {
    follower_.take(script);
    probe_plan plan;
    plan.chosen = follower_.strategy;
    plan.trial = finding.first_trial;
    plan.want_only(finding.kind);
    plan.points = points_;
    return probe_.is_among(finding, probe_(plan));
  }

  // Probes while there is time for them.
  class probing_budget {
   public:
    [[nodiscard]] bool allows_one() { return ++probes_, !is_spent(); }
    [[nodiscard]] bool is_spent() const { return probes_ > minimise_probes || seconds_now() >= until_; }

   private:
    double until_ = seconds_now() + minimise_seconds;
    unsigned probes_ = 0;
  };

  // Leaving out cannot find what one switch does that is not among them.
  [[nodiscard]] bool try_single_switches(const finding& finding, std::vector<scripted_switch>& script,
                                         std::span<const scripted_switch> candidates, probing_budget& budget) {
    return std::ranges::any_of(candidates,
                               [&](const scripted_switch& one) { return try_instead(finding, script, {one}, budget); });
  }
  void try_pairs(const finding& finding, std::vector<scripted_switch>& script,
                 std::span<const scripted_switch> candidates, probing_budget& budget) {
    for (std::size_t second = 1; second < candidates.size(); ++second)
      for (std::size_t first = 0; first < second; ++first) {
        if (is_same_place(candidates[first], candidates[second])) continue;
        if (try_instead(finding, script, {candidates[first], candidates[second]}, budget) || budget.is_spent()) return;
      }
  }
  [[nodiscard]] bool try_instead(const finding& finding, std::vector<scripted_switch>& script,
                                 std::vector<scripted_switch> other, probing_budget& budget) {
    sort_for_following(other);
    if (!budget.allows_one() || !shows(finding, other)) return false;
    script = std::move(other);
    return true;
  }

  // Some switches of a script may not come about: their thread takes another way, or whom they want cannot run.
  void leave_out_unmade(const finding& finding, std::vector<scripted_switch>& script) {
    follower_.take(script);
    if (!traced(finding, follower_.strategy)) return;
    std::vector<scripted_switch> made = script_of(*follower_.seen);
    if (made.size() < script.size() && shows(finding, made)) script = std::move(made);
  }

  void leave_out_switches(const finding& finding, std::vector<scripted_switch>& script, probing_budget& budget) {
    if (script.empty()) return;
    const switch_candidates single = single_switches(*follower_.seen);
    const std::span<const scripted_switch> all(single.all);
    // Of many switches, leaving out takes long: the few that most often do it come first.
    const std::size_t early = script.size() < many_switches ? 0 : std::min(single.typical, most_tried_early);
    if (early != 0 && !shows(finding, {}) && try_single_switches(finding, script, all.first(early), budget)) return;
    for (std::size_t before = script.size() + 1; script.size() < before && !script.empty();) {
      before = script.size();
      script = minimised(
          std::move(script), [&](const std::vector<scripted_switch>& smaller) { return shows(finding, smaller); },
          [&] { return budget.allows_one(); });
      leave_out_unmade(finding, script);
    }
    if (script.size() <= 1 || try_single_switches(finding, script, all.subspan(early), budget)) return;
    if (script.size() > 2) try_pairs(finding, script, all.first(single.typical), budget);
  }

  // What the body does that the finding can do without. Whether some of it could go.
  [[nodiscard]] bool leave_out_calls(const finding& finding, std::vector<scripted_switch>& script) {
    probing_budget budget;
    const reducible execution{[&](const std::vector<scripted_switch>& tried) { return shows(finding, tried); },
                              [&](const std::vector<scripted_switch>& tried) {
                                follower_.take(tried);
                                return traced(finding, follower_.strategy);
                              },
                              follower_.seen,
                              [&](const std::vector<optional_call>& calls) { follower_.leave_out(calls); },
                              [&] { return budget.allows_one(); }};
    fewest_calls fewest = reduce_calls(execution, script, finding.kind == finding_kind::not_linearizable);
    left_out_ = std::move(fewest.left_out);
    if (left_out_.empty()) return false;
    script = std::move(fewest.script);
    const std::size_t enough = fewest.before - left_out_.size();
    fewer_ = "of the " + std::to_string(fewest.before) + " calls that the body makes there, " + std::to_string(enough) +
             (enough == 1 ? " is" : " are") + " enough; the others are left out";
    return true;
  }

  // Leaves the trace of the script that it returns.
  bool move_to_steady_places(const finding& finding, std::vector<scripted_switch>& script) {
    const double until = seconds_now() + moving_seconds;
    follower_.take(script);
    if (!traced(finding, follower_.strategy)) return false;
    for (std::size_t which = 0; which < script.size() && seconds_now() < until; ++which) {
      places_.learn(*follower_.seen);
      for (std::vector<scripted_switch>& moved : steadier(script, which, *follower_.seen, places_)) {
        if (!shows(finding, moved)) continue;
        script = std::move(moved);
        follower_.take(script);
        if (!traced(finding, follower_.strategy)) return false;
        break;
      }
    }
    return true;
  }

  // Leaves the trace of the smallest script that shows the finding; else the trace stays that of its own execution.
  void minimise(finding& finding) {
    if (follower_.seen->lost != 0) return;
    std::vector<scripted_switch> script = script_of(*follower_.seen);
    if (!shows(finding, script)) return;
    left_out_.clear();
    probing_budget budget;
    leave_out_switches(finding, script, budget);
    if (leave_out_calls(finding, script)) {
      probing_budget again;
      leave_out_switches(finding, script, again);
    }
    if (!move_to_steady_places(finding, script)) {
      follower_.leave_out({});
      static_cast<void>(trace_by_log(finding));
      return;
    }
    if (!left_out_.empty()) finding.notes.push_back(fewer_);
    finding.is_minimised = true;
    finding.switches = static_cast<unsigned>(script.size());
    places_.learn(*follower_.seen);
    const std::vector<anchored_switch> schedule = anchored(script, *follower_.seen, places_);
    // The token must lead back to the script, or to another that shows the finding; else it is worth nothing.
    const std::vector<scripted_switch> again = resolved(schedule, *follower_.seen, places_).script;
    const std::uint64_t tried_with = std::exchange(points_, 0);
    if ((again != script || tried_with != 0) && !shows(finding, again)) return;
    token token = parse_token(finding.token);
    token.strategy = "schedule";
    token.schedule = to_text({ranges_of(left_out_), schedule});
    give_token(finding, token);
  }

  supervised_run& run_;
  prober& probe_;
  replayer replayer_;
  confirmer confirmer_;
  schedule_follower follower_;
  source_places places_;
  std::vector<named_lock> locks_;  // of the finding that was shown last
  std::vector<made_call> left_out_;
  std::string fewer_;          // which, in words
  double seconds_of_one_ = 0;  // execution of the finding that is explained
  std::uint64_t points_ = 0;   // the budget of an execution that is traced or tried, 0: that of the run
};

}  // namespace

void explain_findings(supervised_run& run, exploration& explore, prober& probe, const schedule_follower* followed,
                      report& report) {
  if (report.findings.empty()) return;
  explainer explainer(run, explore, probe);
  const bool may_fork = run.inner().options.isolation != isolation::none && !is_under_valgrind();
  unsigned explained = 0;
  for (finding& finding : report.findings) {
    if (!is_replayable(finding)) continue;
    const bool is_possible = explainer.is_possible(finding), has_turn = explained++ < most_explained;
    if (is_possible && (!may_fork || !has_turn))
      finding.notes.push_back(has_turn
                                  ? "not tried to confirm: that takes processes of its own (no isolation, or Valgrind)"
                                  : "not tried to confirm: only the first findings are");
    if (!has_turn) continue;
    if (followed != nullptr)
      explainer.show(finding, *followed->seen);
    else if (may_fork && is_possible)
      explainer.explain_possible(finding);
    else if (may_fork)
      explainer.explain(finding);
  }
  note_missing_names(report.notes);
}

}  // namespace ravel::detail
