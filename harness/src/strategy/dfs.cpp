// SPDX-License-Identifier: MIT
// See dfs.hpp. Options stand in a fixed order: the thread itself if it can go on, then the others as they were created,
// after one that steps back beginning with the one created next.
#include "dfs.hpp"

#include <algorithm>

namespace ravel::detail {

dfs_strategy::dfs_strategy(std::uint32_t preemptions) noexcept  // NOLINT: path_ stays untouched
    : last_bound_(preemptions),
      bound_(0),
      used_(0),
      spins_(0),
      at_(0),
      known_(0),
      finished_(0),
      leaves_out_(false),
      is_running_(false),
      is_bound_reached_(false),
      is_exhausted_(false),
      has_timed_waits_(false),
      schedules_(0),
      strayed_(0),
      cut_(0) {}

void dfs_strategy::start(std::uint64_t, std::uint64_t trial) noexcept {
  if (trial == 1) {  // also when a later one is repeated: it follows from here
    bound_ = known_ = finished_ = 0;
    schedules_ = strayed_ = cut_ = 0;
    is_running_ = is_bound_reached_ = is_exhausted_ = has_timed_waits_ = false;
  }
  if (is_running_) ended(ending::died, 0);
  is_running_ = true;
  at_ = used_ = spins_ = 0;
  leaves_out_ = false;
}

std::uint32_t dfs_strategy::decide(std::uint32_t options) noexcept {
  if (options < 2) return 0;
  if (at_ == most_choices) return 0;
  branch& here = path_[at_];
  if (at_++ >= known_) {
    here = {0, static_cast<std::uint16_t>(options)};
    known_ = at_;
    return 0;
  }
  if (here.options != options) {  // the target did something else than the last time
    ++strayed_;
    here = {0, static_cast<std::uint16_t>(options)};
    known_ = at_;
  }
  return here.chosen;
}

decision dfs_strategy::choose(const choice& at) noexcept {
  has_timed_waits_ = has_timed_waits_ || at.self->has_deadline || at.early_count != 0;
  if (at.self_can_go_on && used_ >= bound_) {
    is_bound_reached_ = is_bound_reached_ || at.ready_count > 1;
    return {at.self, 1};
  }
  const std::uint32_t on_time = at.on_time_count();
  const bool may_end_early = used_ < bound_;
  is_bound_reached_ = is_bound_reached_ || (!may_end_early && at.early_count != 0);
  const std::uint32_t options = may_end_early ? at.ready_count : on_time;
  // Of all the ways in which those who wait by looking can keep the others back, only so many are worth a schedule.
  const bool has_had_enough = at.self_steps_back && spins_ >= most_spins * yields_for_spin;
  if (at.self_steps_back) spins_ += at.self_is_spinning ? yields_for_spin : 1;
  leaves_out_ = leaves_out_ || (has_had_enough && options > 1);
  std::uint32_t which = has_had_enough ? 0 : decide(options);
  if (at.self_can_go_on) {
    if (which == 0) return {at.self, 1};
    ++used_;
    --which;
  }
  // The one that has `which` others before it. After one that steps back come those after it, in a circle: two that
  // wait by looking would else go first in turn for ever, before whoever they wait for. Last those whose wait ends
  // early.
  const auto place = [&](std::uint32_t i) {
    const std::uint32_t index = at.ready[i]->index;
    return std::uint64_t{i >= on_time} << 32 | (at.self_steps_back ? index - at.self->index : index);
  };
  for (std::uint32_t i = 0; i < options; ++i) {
    if (at.self_can_go_on && at.ready[i] == at.self) continue;
    std::uint32_t before = 0;
    for (std::uint32_t j = 0; j < options; ++j)
      before += place(j) < place(i) && !(at.self_can_go_on && at.ready[j] == at.self) ? 1 : 0;
    if (before != which) continue;
    if (i >= on_time && !at.self_can_go_on) ++used_;
    return {at.ready[i], 1};
  }
  return {at.ready[0], 1};
}

std::uint32_t dfs_strategy::pick(std::uint32_t count) noexcept { return decide(count); }

void dfs_strategy::ended(ending how, std::uint64_t) noexcept {
  is_running_ = false;
  ++schedules_;
  if (how == ending::over_budget || how == ending::livelock || how == ending::too_many_objects || at_ == most_choices ||
      leaves_out_)
    ++cut_;
  if (at_ < known_) {
    ++strayed_;
    known_ = at_;
  }
  advance();
}

// To the next schedule: the last choice that has an option left takes it.
void dfs_strategy::advance() noexcept {
  while (known_ != 0 && path_[known_ - 1].chosen + 1 >= path_[known_ - 1].options) --known_;
  if (known_ == 0) return next_bound();
  ++path_[known_ - 1].chosen;
}

void dfs_strategy::next_bound() noexcept {
  finished_ = bound_ + 1;
  if (!is_bound_reached_ || bound_ == last_bound_) {
    is_exhausted_ = true;
    return;
  }
  bound_ = bound_ == 2 && last_bound_ == no_bound ? no_bound : bound_ + 1;
  schedules_ = 0;
  is_bound_reached_ = false;
}

std::string dfs_strategy::coverage(bool is_clean, const std::string& hold_up) const {
  if (strayed_ != 0)
    return "dfs: " + std::to_string(strayed_) +
           " executions did not repeat the one that they branched off from, so nothing is known of what was not run";
  if (cut_ != 0)
    return "dfs: " + std::to_string(cut_) +
           " executions had too many points, or too many waits by looking, so not all was covered";
  if (finished_ == 0 && !is_exhausted_)
    return "dfs: " + std::to_string(schedules_) + " schedules without preemption run, and not all are covered";
  const bool is_all = is_exhausted_ && !is_bound_reached_;
  const std::uint32_t covered = is_exhausted_ ? bound_ : bound_ == no_bound ? 2 : bound_ - 1;
  std::string text =
      is_all ? "dfs: all schedules"
             : "dfs: all schedules within " + std::to_string(covered) + " preemption" + (covered == 1 ? "" : "s");
  if (has_timed_waits_) text += (is_all ? " within " : " and ") + ("hold-ups of " + hold_up);
  text += is_clean ? ": clean" : " were run";
  if (is_exhausted_) return text + " (" + std::to_string(schedules_) + " schedules)";
  return text + "; " + std::to_string(schedules_) + " schedules with more, and not all of those are covered";
}

}  // namespace ravel::detail
