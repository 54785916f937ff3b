// SPDX-License-Identifier: MIT
// See replay.hpp.
#include "replay.hpp"

namespace ravel::detail {

void replay_strategy::start(std::uint64_t, std::uint64_t) noexcept { next_ = misses_ = 0; }

std::uint64_t replay_strategy::until_next(std::uint64_t step) const noexcept {
  for (std::uint32_t i = next_; i < log_->count; ++i)
    if (log_->decisions[i].kind == decision_kind::at_point)
      return log_->decisions[i].step > step ? log_->decisions[i].step - step : 1;
  return unlimited;
}

decision replay_strategy::choose(const choice& at) noexcept {
  const decision_kind kind = at.self_can_go_on ? decision_kind::at_point : decision_kind::forced;
  controlled_thread* next = at.self;
  if (!at.self_can_go_on) {
    next = at.ready[0];
    for (std::uint32_t i = 1; i < at.ready_count; ++i)
      if (at.ready[i]->index < next->index) next = at.ready[i];
  }
  while (next_ < log_->count && log_->decisions[next_].step < at.step) {
    ++next_;
    ++misses_;
  }
  if (next_ < log_->count && log_->decisions[next_].step == at.step && log_->decisions[next_].kind == kind) {
    const std::uint32_t wanted = log_->decisions[next_++].value;
    bool is_there = false;
    for (std::uint32_t i = 0; i < at.ready_count && !is_there; ++i)
      if (at.ready[i]->index == wanted) {
        next = at.ready[i];
        is_there = true;
      }
    if (!is_there) ++misses_;
  } else if (kind == decision_kind::forced && next_ < log_->count) {
    ++misses_;  // every forced choice is in the log
  }
  return {next, until_next(at.step)};
}

std::uint32_t replay_strategy::pick(std::uint32_t count) noexcept {
  if (next_ < log_->count && log_->decisions[next_].kind == decision_kind::pick) {
    const std::uint32_t value = log_->decisions[next_++].value;
    return value < count ? value : 0;
  }
  if (next_ < log_->count) ++misses_;
  return 0;
}

}  // namespace ravel::detail
