// SPDX-License-Identifier: MIT
// Who waits for whom, and the circles in it: threads that wait for each other for ever.
// Pure; one thread. A thread waits for all it names (every owner of a lock must let go), so one circle through
// any of them is a deadlock. Cost: O(threads + edges).
#pragma once

#include <cstdint>
#include <vector>

namespace ravel::checks {

// waits_for[thread] = threads that must act before it can go on. Returns one circle, shortest found from its
// lowest member, each waiting for the next; empty when there is none.
[[nodiscard]] std::vector<std::uint32_t> circle_of_waits(const std::vector<std::vector<std::uint32_t>>& waits_for);

}  // namespace ravel::checks
