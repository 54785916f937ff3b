// SPDX-License-Identifier: MIT
// Moves switches to events that the builds of other compilers have, too: calls and atomic operations at a line of the
// user's, or accesses to what threads share. A look at a variable of a thread's own is a point in one build only, and
// what comes just before a thread waits differs. Parent only. Cost: O(events of the trace) a switch.
#pragma once

#include "source_places.hpp"
#include "strategy/scripted.hpp"
#include "trace.hpp"

#include <cstddef>
#include <vector>

namespace ravel::detail {

// The script with this one of its switches elsewhere, most promising first; none when it is at such an event already.
// Whether one of them shows the finding remains to be tried. trace: of an execution under the script.
[[nodiscard]] std::vector<std::vector<scripted_switch>> steadier(const std::vector<scripted_switch>& script,
                                                                 std::size_t which, const trace& trace,
                                                                 const source_places& places);

}  // namespace ravel::detail
