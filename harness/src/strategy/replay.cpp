// SPDX-License-Identifier: MIT
// See replay.hpp.
#include "replay.hpp"

#include "default_choice.hpp"

namespace ravel::detail {

void replay_strategy::start(std::uint64_t, std::uint64_t) noexcept { next_ = misses_ = 0; }

std::uint64_t replay_strategy::until_next(std::uint64_t step) const noexcept {
  for (std::uint32_t i = next_; i < log_->count; ++i)
    if (log_->decisions[i].kind != decision_kind::pick)
      return log_->decisions[i].step > step ? log_->decisions[i].step - step : 1;
  return unlimited;
}

bool replay_strategy::is_due(const choice& at) const noexcept {
  if (next_ == log_->count || log_->decisions[next_].step != at.step) return false;
  switch (log_->decisions[next_].kind) {
    case decision_kind::at_point: return at.self_can_go_on;
    case decision_kind::stepped_back: return at.self_can_go_on || at.self_steps_back;
    case decision_kind::forced: return !at.self_can_go_on && !at.self_steps_back;
    case decision_kind::pick:
    case decision_kind::time_passed: break;
  }
  return false;
}

bool replay_strategy::lets_time_pass(std::uint64_t step) noexcept {
  if (next_ == log_->count || log_->decisions[next_].kind != decision_kind::time_passed) return false;
  if (log_->decisions[next_].step != step) return false;
  ++next_;
  return true;
}

decision replay_strategy::choose(const choice& at) noexcept {
  controlled_thread* next = default_choice(at);
  while (next_ < log_->count && log_->decisions[next_].step < at.step) {
    ++next_;
    ++misses_;
  }
  if (is_due(at)) {
    const std::uint32_t wanted = log_->decisions[next_++].value;
    bool is_there = false;
    for (std::uint32_t i = 0; i < at.ready_count && !is_there; ++i)
      if (at.ready[i]->index == wanted) {
        next = at.ready[i];
        is_there = true;
      }
    if (!is_there) ++misses_;
  } else if (!at.self_can_go_on && next_ < log_->count) {
    ++misses_;  // every choice where the thread could not go on is in the log
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
