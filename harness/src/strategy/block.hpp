// SPDX-License-Identifier: MIT
// Blocks of trials: what a strategy learns (how long an execution is, who touches what) it learns in the first trial of
// a block, and uses in that block only. So a trial can be repeated cold by running two: the first of its block, and it.
#pragma once

#include <cstdint>

namespace ravel::detail {

inline constexpr std::uint64_t trials_per_block = 128;

[[nodiscard]] constexpr std::uint64_t block_of(std::uint64_t trial) noexcept { return (trial - 1) / trials_per_block; }
[[nodiscard]] constexpr std::uint64_t first_of_block(std::uint64_t trial) noexcept {
  return block_of(trial) * trials_per_block + 1;
}
[[nodiscard]] constexpr bool is_first_of_block(std::uint64_t trial) noexcept { return first_of_block(trial) == trial; }

}  // namespace ravel::detail
