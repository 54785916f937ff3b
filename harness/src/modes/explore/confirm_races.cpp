// SPDX-License-Identifier: MIT
// See confirm_races.hpp.
#include "confirm_races.hpp"

#include "base/steady_clock.hpp"
#include "bridge/hidden_memory.hpp"
#include "process/supervised_run.hpp"
#include "report/trust.hpp"
#include "strategy/racing.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace ravel::detail {

namespace {

constexpr unsigned most_directed[] = {8, 40, 120};  // of a race, in rounds: each has its turn before one has many
constexpr double most_seconds = 3;                  // for all together, but for an execution that has begun

struct doubtful_race {
  finding* told;
  std::vector<race_places> places;  // several where findings were merged
  unsigned tried = 0;
  bool is_settled = false;  // or cannot be tried any more
};

// Whether an execution came to it.
bool try_once(doubtful_race& race, racing_strategy& racing, prober& probe) {
  const unsigned attempt = race.tried++;
  probe_plan plan;
  plan.chosen = &racing;
  plan.want_only(finding_kind::race);
  // What the body picks may decide whether they meet: the execution that has shown the race, and others.
  plan.trial = race.told->first_trial + (attempt % 2 == 0 ? 0 : attempt / 2 + 1);
  racing.follow(race.places[attempt % race.places.size()], attempt);
  const std::uint64_t before = racing.met();
  const probe_outcome outcome = probe(plan);
  if (racing.met() != before) return true;
  race.is_settled = !outcome.is_complete;  // it hangs: others would, too
  return false;
}

std::string executions(unsigned count) { return std::to_string(count) + (count == 1 ? " execution" : " executions"); }

void try_all(std::vector<doubtful_race>& races, racing_strategy& racing, prober& probe, report& report) {
  const double until = seconds_now() + most_seconds;
  for (const unsigned most : most_directed)
    for (doubtful_race& race : races)
      while (!race.is_settled && race.tried < most && seconds_now() < until) {
        if (!try_once(race, racing, probe)) continue;
        race.is_settled = true;
        make_certain(report, *race.told);
        race.told->notes.push_back("certain, although code without instrumentation is between: execution " +
                                   std::to_string(race.tried) +
                                   " of those steered there brought both threads to their accesses at once");
      }
}

}  // namespace

void confirm_races(supervised_run& run, exploration& explore, prober& probe, report& report) {
  const bool may_fork = run.inner().options.isolation != isolation::none && !is_under_valgrind();
  std::vector<doubtful_race> races;
  for (finding* told : races_to_try(report)) {
    doubtful_race race{told, places_of_race(*told, run.inner().shared->findings)};
    if (!race.places.empty()) races.push_back(std::move(race));
  }
  if (races.empty()) return;
  if (may_fork) try_all(races, *explore.arena.make<racing_strategy>(), probe, report);
  for (const doubtful_race& race : races)
    if (race.told->doubt != doubt_kind::none)
      race.told->notes.push_back(
          race.tried == 0 ? std::string("no execution was steered towards both accesses at once: ") +
                                (may_fork ? "the time for it went to others" : "that takes processes of its own")
                          : executions(race.tried) + " steered towards both accesses at once did not come there");
  put_failing_first(report);
}

}  // namespace ravel::detail
