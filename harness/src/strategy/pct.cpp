// SPDX-License-Identifier: MIT
// See pct.hpp. A priority is a number in strategy_word[0]: initial ones have the top bit, change point i has i above
// 2^32, and who was put below all others counts down from 2^32.
#include "pct.hpp"

#include "../random.hpp"
#include "block.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

constexpr std::uint64_t initial_bit = std::uint64_t{1} << 63;
constexpr std::uint64_t change_base = std::uint64_t{1} << 32;
constexpr std::uint64_t points_of_first_trial = 200;

std::uint64_t& priority(controlled_thread& thread) noexcept { return thread.strategy_word[0]; }

}  // namespace

std::uint64_t pct_strategy::first_needed(std::uint64_t trial) const noexcept { return first_of_block(trial); }

void pct_strategy::start(std::uint64_t seed, std::uint64_t trial) noexcept {
  seed_state(random_, derive_seed(seed, trial, 0x9C7));
  learns_ = is_first_of_block(trial);
  if (learns_) points_expected_ = points_of_first_trial;
  lowest_ = change_base;
  changes_ = static_cast<std::uint32_t>(scale(draw(random_), deepest));
  changes_made_ = 0;
  for (std::uint32_t i = 0; i < changes_; ++i) change_at_[i] = 1 + scale(draw(random_), points_expected_);
  std::sort(change_at_, change_at_ + changes_);
}

std::uint64_t pct_strategy::initial_priority() noexcept { return draw(random_) | initial_bit; }

void pct_strategy::thread_created(controlled_thread&, controlled_thread& child) noexcept {
  priority(child) = initial_priority();
}

decision pct_strategy::choose(const choice& at) noexcept {
  while (changes_made_ < changes_ && change_at_[changes_made_] <= at.step) {
    // In the paper the i-th change point gives d - i: the later, the lower.
    priority(*at.self) = change_base + (changes_ - changes_made_);
    ++changes_made_;
  }
  if (at.self_steps_back) priority(*at.self) = --lowest_;
  controlled_thread* highest = at.ready[0];
  for (std::uint32_t i = 1; i < at.ready_count; ++i)
    if (priority(*at.ready[i]) > priority(*highest)) highest = at.ready[i];
  const std::uint64_t until = changes_made_ < changes_ ? change_at_[changes_made_] - at.step : unlimited;
  return {highest, until};
}

std::uint32_t pct_strategy::pick(std::uint32_t count) noexcept {
  return static_cast<std::uint32_t>(scale(draw(random_), count));
}

void pct_strategy::ended(ending, std::uint64_t points) noexcept {
  if (learns_ && points != 0) points_expected_ = points;
}

}  // namespace ravel::detail
