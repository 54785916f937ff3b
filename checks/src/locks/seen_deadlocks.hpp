// SPDX-License-Identifier: MIT
// Which deadlocks were seen, so that what could have been foretold of them is not told once more. In the parent.
#pragma once

#include <ravel/raw_stack.hpp>

#include <cstdint>
#include <set>
#include <vector>

namespace ravel::checks {

// Cycles that were seen as real deadlocks: where their threads waited, by place_key, sorted. In the parent.
std::set<std::vector<std::uint64_t>>& deadlocks_seen();
[[nodiscard]] inline std::uint64_t place_key(const raw_stack& stack) noexcept { return mix_stack(9, stack, 8); }

}  // namespace ravel::checks
