// SPDX-License-Identifier: MIT
// Schedules of one switch, for what leaving out switches cannot find: the one that does it may not be among them.
// Parent only. Cost: O(events of the trace x threads).
#pragma once

#include "strategy/scripted.hpp"
#include "trace.hpp"

#include <cstddef>
#include <vector>

namespace ravel::detail {

struct switch_candidates {
  std::vector<scripted_switch> all;
  std::size_t typical = 0;  // so many at the front are among three threads of each sort; the others differ in name only
};

// Every switch that could be made in this execution, one by one, where threads use what others use, too. Threads are of
// one sort when their first events are at the same place of the program.
[[nodiscard]] switch_candidates single_switches(const trace& trace);

}  // namespace ravel::detail
