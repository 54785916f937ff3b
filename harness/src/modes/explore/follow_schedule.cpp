// SPDX-License-Identifier: MIT
// See follow_schedule.hpp.
#include "follow_schedule.hpp"

#include "anchors.hpp"
#include "base/steady_clock.hpp"
#include "process/run.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace ravel::detail {

namespace {

constexpr double shifting_seconds = 3;

// The same schedule with one switch a little elsewhere: compilers differ in how many accesses they make of a line.
void add_neighbours(std::vector<std::vector<anchored_switch>>& all, const std::vector<anchored_switch>& schedule,
                    std::size_t which) {
  const anchored_switch& one = schedule[which];
  const auto add = [&](operation what, int occurrence) {
    if (occurrence < 1) return;
    all.push_back(schedule);
    all.back()[which].what = what;
    all.back()[which].occurrence = static_cast<unsigned>(occurrence);
  };
  for (const int by : {1, -1, 2, -2}) add(one.what, static_cast<int>(one.occurrence) + by);
  for (const operation what :
       {operation::read, operation::write, operation::atomic_load, operation::atomic_store, operation::atomic_update})
    if (is_access(one.what) && what != one.what) add(what, static_cast<int>(one.occurrence));
}

// The same schedule with a switch that has no place at one of those that its thread has close to it.
void add_replacements(std::vector<std::vector<anchored_switch>>& all, const std::vector<anchored_switch>& schedule,
                      std::size_t which, const trace& trace, const source_places& places) {
  for (anchored_switch& there : close_places(schedule[which], trace, places)) {
    all.push_back(schedule);
    all.back()[which] = std::move(there);
  }
}

class fitter {
 public:
  fitter(prober& probe, const module_table& modules, schedule_follower& follower, std::uint64_t trial)
      : probe_(probe), follower_(follower), places_(modules), trial_(trial) {}

  // Until the switches found are those of the execution that they lead to. Returns the indices of the others.
  std::vector<std::size_t> fit(const std::vector<anchored_switch>& schedule) {
    std::vector<scripted_switch> script;
    resolution found;
    for (std::size_t round = 0; round <= schedule.size() + 1; ++round) {
      shows_ = !probe_with(script).findings.empty();
      places_.learn(*follower_.seen);
      found = resolved(schedule, *follower_.seen, places_);
      if (found.script == script) break;
      script = found.script;
    }
    follower_.take(script);
    return found.missing;
  }
  [[nodiscard]] bool shows() const { return shows_; }
  // And with what is found when the executions are over, which takes longer.
  [[nodiscard]] bool shows_at_the_end() { return !probe(false).findings.empty(); }
  // Schedules that may show it, too. missing: of the latest fit.
  [[nodiscard]] std::vector<std::vector<anchored_switch>> others(const std::vector<anchored_switch>& schedule,
                                                                 const std::vector<std::size_t>& missing) const {
    std::vector<std::vector<anchored_switch>> all;
    for (const std::size_t which : missing) add_replacements(all, schedule, which, *follower_.seen, places_);
    for (std::size_t which = 0; which < schedule.size(); ++which) add_neighbours(all, schedule, which);
    return all;
  }

 private:
  probe_outcome probe_with(const std::vector<scripted_switch>& script) {
    follower_.take(script);
    return probe(true);
  }
  probe_outcome probe(bool is_brief) {
    follower_.listener->start(*follower_.seen);
    probe_plan plan;
    plan.chosen = follower_.strategy;
    plan.trial = trial_;
    plan.listener = follower_.listener;
    plan.is_brief = is_brief;
    return probe_(plan);
  }

  prober& probe_;
  schedule_follower& follower_;
  source_places places_;
  std::uint64_t trial_;
  bool shows_ = false;
};

}  // namespace

schedule_follower::schedule_follower(exploration& explore)
    : strategy(explore.arena.make<scripted_strategy>()),
      script(static_cast<switch_script*>(explore.arena.allocate(sizeof(switch_script)))),
      listener(explore.arena.make<tracer>()),
      seen(static_cast<trace*>(explore.arena.allocate(sizeof(trace)))),
      left_out(explore.left_out) {
  strategy->follow(*script);
}

void schedule_follower::take(const std::vector<scripted_switch>& switches) noexcept {
  script->count = static_cast<std::uint32_t>(std::min<std::size_t>(switches.size(), switch_script::capacity));
  for (std::uint32_t i = 0; i < script->count; ++i) script->switches[i] = switches[i];
}

void schedule_follower::leave_out(const std::vector<optional_call>& calls) noexcept {
  left_out->count = static_cast<std::uint32_t>(std::min<std::size_t>(calls.size(), left_out_calls::capacity));
  for (std::uint32_t i = 0; i < left_out->count; ++i) left_out->calls[i] = calls[i];
}

fitted_schedule fit_schedule(prober& probe, const module_table& modules, schedule_follower& follower,
                             const std::string& text, std::uint64_t trial) {
  const written_schedule written = parse_schedule(text);
  const std::vector<anchored_switch>& schedule = written.switches;
  follower.leave_out(calls_in(written.left_out));
  fitter fitter(probe, modules, follower, trial);
  fitted_schedule result;
  result.wanted = schedule.size();
  std::vector<std::size_t> missing = fitter.fit(schedule);
  // A lock order that is not confirmed shows at the end only, whatever the schedule: no reason to look no further.
  if (!fitter.shows() && (!missing.empty() || !fitter.shows_at_the_end())) {
    const double until = seconds_now() + shifting_seconds;
    for (const std::vector<anchored_switch>& other : fitter.others(schedule, missing)) {
      if (seconds_now() >= until) break;
      std::vector<std::size_t> missing_there = fitter.fit(other);
      if (!fitter.shows()) continue;
      result.is_shifted = true;
      missing = std::move(missing_there);
      break;
    }
    if (!result.is_shifted) missing = fitter.fit(schedule);
  }
  for (const std::size_t index : missing) result.missing.push_back(in_words(schedule[index]));
  return result;
}

}  // namespace ravel::detail
