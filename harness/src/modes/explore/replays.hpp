// SPDX-License-Identifier: MIT
// Does a finding come back? Its execution is replayed, each time alone in a fresh process; if it does not show there,
// with all that its process had run before it. Parent only. Cost: ten probes, see probe.hpp.
#pragma once

#include "probe.hpp"

#include <ravel/report.hpp>

#include <cstdint>

namespace ravel::detail {

class replay_strategy;

class replayer {
 public:
  // All must outlive it.
  replayer(prober& probe, exploration& explore);

  // Fills in how often the finding showed, and from which execution on it had to be repeated. No probe starts after
  // the deadline (seconds, steady clock).
  void replay(finding& wanted, double deadline);
  // From now on its schedule is this one instead of what was kept of the run's; nullptr: as before.
  void replay_by(const kept_schedule* schedule) noexcept { given_ = schedule; }
  // The log of the finding's execution as a strategy; nullptr when it was not kept whole.
  [[nodiscard]] strategy* strategy_for(const finding& wanted) noexcept;

 private:
  [[nodiscard]] const kept_schedule* schedule_of(const finding& wanted) const noexcept;
  [[nodiscard]] probe_plan plan_for(const finding& wanted) noexcept;

  prober& probe_;
  exploration& explore_;
  replay_strategy& follower_;
  const kept_schedule* given_ = nullptr;
};

}  // namespace ravel::detail
