// SPDX-License-Identifier: MIT
// Leaves out switches of a script as long as it still shows the finding: first halves, then ever smaller parts, until
// no single one can go. Pure but for `shows`. Cost: O(n log n) calls of `shows` where few switches matter, O(n^2) at
// worst. Source: delta debugging, Zeller and Hildebrandt 2002 (ddmin). Differs: only complements are tried, and the
// empty script first.
#pragma once

#include "strategy/scripted.hpp"

#include <functional>
#include <vector>

namespace ravel::detail {

// shows: whether the finding shows under this script. may_go_on: false ends the search with what is left so far.
[[nodiscard]] std::vector<scripted_switch> minimised(
    std::vector<scripted_switch> script, const std::function<bool(const std::vector<scripted_switch>&)>& shows,
    const std::function<bool()>& may_go_on);

}  // namespace ravel::detail
