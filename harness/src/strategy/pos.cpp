// SPDX-License-Identifier: MIT
// See pos.hpp. The priority is in strategy_word[0]; 0: to be drawn when the thread is next seen ready.
#include "pos.hpp"

#include "../random.hpp"

namespace ravel::detail {

namespace {

std::uint64_t& priority(controlled_thread& thread) noexcept { return thread.strategy_word[0]; }

}  // namespace

void pos_strategy::start(std::uint64_t seed, std::uint64_t trial) noexcept {
  seed_state(random_, derive_seed(seed, trial, 0x905));
}

void pos_strategy::thread_created(controlled_thread&, controlled_thread& child) noexcept { priority(child) = 0; }

decision pos_strategy::choose(const choice& at) noexcept {
  priority(*at.self) = 0;  // it has come to another event
  // Who waits by spinning or yielding draws again each time that it steps back, and would soon be above whoever drew
  // low and is waited for.
  if (at.self_steps_back && (at.self_is_spinning || scale(draw(random_), 8) == 0))
    for (std::uint32_t i = 0; i < at.ready_count; ++i) priority(*at.ready[i]) = 0;
  controlled_thread* highest = nullptr;
  for (std::uint32_t i = 0; i < at.ready_count; ++i) {
    controlled_thread& one = *at.ready[i];
    if (priority(one) == 0) priority(one) = draw(random_) | 1;
    if (highest == nullptr || priority(one) > priority(*highest)) highest = &one;
  }
  for (std::uint32_t i = 0; i < at.ready_count; ++i)
    if (at.ready[i] != highest && is_dependent(at.ready[i]->pending, highest->pending))
      priority(*at.ready[i]) = draw(random_) | 1;
  return {highest, 1};
}

std::uint32_t pos_strategy::pick(std::uint32_t count) noexcept {
  return static_cast<std::uint32_t>(scale(draw(random_), count));
}

}  // namespace ravel::detail
