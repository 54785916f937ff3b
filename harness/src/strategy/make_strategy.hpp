// SPDX-License-Identifier: MIT
// Strategies by name.
#pragma once

#include "engine/strategy.hpp"

#include <string>
#include <vector>

namespace ravel::detail {

class shared_arena;

// Those that can be asked for, the default first.
[[nodiscard]] const std::vector<std::string>& strategy_names();

// In shared memory; nullptr when there is none of this name. preemptions: the bound of dfs.
[[nodiscard]] strategy* make_strategy(shared_arena& arena, const std::string& name, unsigned preemptions);

}  // namespace ravel::detail
