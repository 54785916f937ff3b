// SPDX-License-Identifier: MIT
// The first execution of a block: a random walk that is looked at at every point, the same whichever strategy learns
// from it, because it depends on seed and trial alone.
// Cost: a draw a point.
#pragma once

#include "base/random.hpp"
#include "engine/strategy.hpp"

namespace ravel::detail {

class first_walk {
 public:
  first_walk() noexcept {}  // start() comes first

  void start(std::uint64_t seed, std::uint64_t trial) noexcept {
    seed_state(random_, derive_seed(seed, trial, 0xF1857));
    // 1 of 2, 4, ..., 32 points.
    change_one_in_ = std::uint64_t{2} << scale(draw(random_), 5);
  }
  [[nodiscard]] controlled_thread* choose(const choice& at) noexcept {
    if (at.self_can_go_on && scale(draw(random_), change_one_in_) != 0) return at.self;
    return at.ready[scale(draw(random_), at.ready_count)];
  }
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept {
    return static_cast<std::uint32_t>(scale(draw(random_), count));
  }

 private:
  std::uint64_t random_[2];
  std::uint64_t change_one_in_;
};

}  // namespace ravel::detail
