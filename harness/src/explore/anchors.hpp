// SPDX-License-Identifier: MIT
// From a script of this very build to switches that name source lines, and back. Parent only.
// Cost: O(events of the trace) for each switch.
#pragma once

#include "../strategy/scripted.hpp"
#include "schedule_text.hpp"
#include "source_places.hpp"
#include "trace.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ravel::detail {

// The deviations from the default order that a traced execution had, ready to be followed.
[[nodiscard]] std::vector<scripted_switch> script_of(const trace& trace);
// Every switch that could be made in this execution, one by one, where threads use what others use, too.
[[nodiscard]] std::vector<scripted_switch> single_switches(const trace& trace);
// The script with each switch moved on to the next event of its thread that others have a part in: one at a look at
// memory of the thread's own is nowhere in a build that keeps it in a register.
[[nodiscard]] std::vector<scripted_switch> moved_to_shared(std::vector<scripted_switch> script, const trace& trace);
// trace: of an execution under this script; places have learned it.
[[nodiscard]] std::vector<anchored_switch> anchored(const std::vector<scripted_switch>& script, const trace& trace,
                                                    const source_places& places);

struct resolution {
  std::vector<scripted_switch> script;
  std::vector<std::size_t> missing;  // indices of switches that the trace has no event for
};
[[nodiscard]] resolution resolved(const std::vector<anchored_switch>& schedule, const trace& trace,
                                  const source_places& places);

void sort_for_following(std::vector<scripted_switch>& script);

}  // namespace ravel::detail
