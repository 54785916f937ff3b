// SPDX-License-Identifier: MIT
// From a script of this very build to switches that name source lines, and back. Parent only.
// Cost: O(events of the trace) for each switch.
#pragma once

#include "engine/left_out_calls.hpp"
#include "schedule_text.hpp"
#include "source_places.hpp"
#include "strategy/scripted.hpp"
#include "trace.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ravel::detail {

// The deviations from the default order that a traced execution had, ready to be followed.
[[nodiscard]] std::vector<scripted_switch> script_of(const trace& trace);
// trace: of an execution under this script; places have learned it.
[[nodiscard]] std::vector<anchored_switch> anchored(const std::vector<scripted_switch>& script, const trace& trace,
                                                    const source_places& places);

struct resolution {
  std::vector<scripted_switch> script;
  std::vector<std::size_t> missing;  // indices of switches that the trace has no event for
};
[[nodiscard]] resolution resolved(const std::vector<anchored_switch>& schedule, const trace& trace,
                                  const source_places& places);

// The creation path of a thread that the trace has seen, as tokens name it.
[[nodiscard]] std::string path_text(const trace& trace, std::uint32_t index, unsigned depth = 0);
// What a token says of calls that are left out, by number.
[[nodiscard]] std::vector<optional_call> calls_in(const std::vector<left_out_range>& ranges);

// Where else this switch could be in its thread, in the same file, nearest lines first; for one whose own place is not
// in the trace. Few.
[[nodiscard]] std::vector<anchored_switch> close_places(const anchored_switch& one, const trace& trace,
                                                        const source_places& places);
// Index of the thread with this path, or thread_count.
[[nodiscard]] std::uint32_t index_of(const trace& trace, std::uint64_t path);
void sort_for_following(std::vector<scripted_switch>& script);

}  // namespace ravel::detail
