// SPDX-License-Identifier: MIT
// See pos.hpp.
#include "pos.hpp"

#include "drawn_priority.hpp"

#include "base/random.hpp"

namespace ravel::detail {

void pos_strategy::start(std::uint64_t seed, std::uint64_t trial) noexcept {
  seed_state(random_, derive_seed(seed, trial, 0x905));
}

void pos_strategy::thread_created(controlled_thread&, controlled_thread& child) noexcept { drawn_priority(child) = 0; }

decision pos_strategy::choose(const choice& at) noexcept {
  drawn_priority(*at.self) = 0;  // it has come to another event
  // Who waits by spinning or yielding draws again each time that it steps back, and would soon be above whoever drew
  // low and is waited for.
  if (at.self_steps_back && (at.self_is_spinning || scale(draw(random_), 8) == 0))
    for (std::uint32_t i = 0; i < at.ready_count; ++i) drawn_priority(*at.ready[i]) = 0;
  controlled_thread* highest = nullptr;
  for (std::uint32_t i = 0; i < at.ready_count; ++i) {
    controlled_thread& one = *at.ready[i];
    if (drawn_priority(one) == 0) drawn_priority(one) = draw(random_) | 1;
    if (highest == nullptr || drawn_priority(one) > drawn_priority(*highest)) highest = &one;
  }
  for (std::uint32_t i = 0; i < at.ready_count; ++i)
    if (at.ready[i] != highest && is_dependent(at.ready[i]->pending, highest->pending))
      drawn_priority(*at.ready[i]) = draw(random_) | 1;
  return {highest, 1};
}

std::uint32_t pos_strategy::pick(std::uint32_t count) noexcept {
  return static_cast<std::uint32_t>(scale(draw(random_), count));
}

}  // namespace ravel::detail
