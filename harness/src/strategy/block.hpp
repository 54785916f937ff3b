// SPDX-License-Identifier: MIT
// Blocks of trials: what a strategy learns (how long an execution is, who touches what) it learns within one block and
// uses in that block only, so that a trial can be repeated cold by running its block up to there.
// The strategies that learn do so from trials in which each of them does the same whether it runs alone or as a part of
// the portfolio: the first of a block, whose schedule is the same for all of them (first_walk.hpp), and those of the
// strategy's own seat.
#pragma once

#include <cstdint>

namespace ravel::detail {

inline constexpr std::uint64_t trials_per_block = 128;

[[nodiscard]] constexpr std::uint64_t block_of(std::uint64_t trial) noexcept { return (trial - 1) / trials_per_block; }
[[nodiscard]] constexpr std::uint64_t first_of_block(std::uint64_t trial) noexcept {
  return block_of(trial) * trials_per_block + 1;
}
[[nodiscard]] constexpr bool is_first_of_block(std::uint64_t trial) noexcept { return first_of_block(trial) == trial; }

// Whose a trial of the portfolio always is; free: whoever is worth most at the time.
enum class seat : std::uint8_t { everybody, random, surw, rf, pos, pct, free };

[[nodiscard]] constexpr seat seat_of(std::uint64_t trial) noexcept {
  if (is_first_of_block(trial)) return seat::everybody;
  constexpr seat seats[8] = {seat::random, seat::surw, seat::free, seat::rf,
                             seat::free,   seat::pos,  seat::free, seat::pct};
  return seats[(trial - first_of_block(trial)) % 8];
}

}  // namespace ravel::detail
