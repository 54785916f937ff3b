// SPDX-License-Identifier: MIT
// See replays.hpp.
#include "replays.hpp"

#include "base/steady_clock.hpp"
#include "process/run.hpp"
#include "strategy/replay.hpp"

namespace ravel::detail {

namespace {

constexpr unsigned replays_wanted = 10;
constexpr unsigned warm_replays_wanted = 3;  // each runs a whole batch

}  // namespace

replayer::replayer(prober& probe, exploration& explore)
    : probe_(probe), explore_(explore), follower_(*explore.arena.make<replay_strategy>()) {}

const kept_schedule* replayer::schedule_of(const finding& wanted) const noexcept {
  return given_ != nullptr ? given_ : explore_.schedule_of(wanted.first_trial);
}

strategy* replayer::strategy_for(const finding& wanted) noexcept {
  const kept_schedule* kept = schedule_of(wanted);
  if (kept == nullptr || kept->log.lost != 0) return nullptr;
  follower_.follow(kept->log);
  return &follower_;
}

probe_plan replayer::plan_for(const finding& wanted) noexcept {
  probe_plan plan;
  plan.trial = wanted.first_trial;
  plan.want_only(wanted.kind);
  plan.chosen = strategy_for(wanted);
  if (plan.chosen != nullptr) return plan;
  plan.chosen = explore_.chosen;
  plan.learned_from = explore_.chosen->first_needed(plan.trial);
  return plan;
}

void replayer::replay(finding& wanted, double deadline) {
  const probe_plan alone = plan_for(wanted);
  while (wanted.replays < replays_wanted && (wanted.replays == 0 || seconds_now() < deadline)) {
    const bool shows = probe_.is_among(wanted, probe_(alone));
    ++wanted.replays;
    wanted.replays_shown += shows ? 1 : 0;
    if (wanted.replays == 3 && wanted.replays_shown == 0) break;  // it does not come back by itself
  }
  const kept_schedule* kept = schedule_of(wanted);
  if (wanted.replays_shown != 0 || kept == nullptr || kept->batch_start == wanted.first_trial) return;
  probe_plan warm;
  warm.trial = wanted.first_trial;
  warm.first = kept->batch_start;
  warm.want_only(wanted.kind);
  warm.chosen = explore_.chosen;
  warm.learned_from = explore_.chosen->first_needed(warm.first);
  unsigned tried = 0, shown = 0;
  while (tried < warm_replays_wanted && seconds_now() < deadline) {
    warm.seconds = deadline - seconds_now();
    const probe_outcome outcome = probe_(warm);
    if (!outcome.is_complete) break;
    ++tried;
    shown += probe_.is_among(wanted, outcome) ? 1 : 0;
    if (shown == 0) break;
  }
  if (shown == 0) return;
  wanted.replays = tried;
  wanted.replays_shown = shown;
  wanted.replayed_from = warm.first;
}

}  // namespace ravel::detail
