// SPDX-License-Identifier: MIT
// See wait_graph.hpp: breadth first from each thread back to itself.
#include "wait_graph.hpp"

#include <algorithm>

namespace ravel::checks {

std::vector<std::uint32_t> circle_of_waits(const std::vector<std::vector<std::uint32_t>>& waits_for) {
  constexpr std::uint32_t none = ~0u;
  const auto size = static_cast<std::uint32_t>(waits_for.size());
  std::vector<std::uint32_t> best;
  for (std::uint32_t start = 0; start < size; ++start) {
    if (waits_for[start].empty()) continue;
    std::vector<std::uint32_t> came_from(size, none), queue{start};
    std::uint32_t last = none;
    for (std::size_t i = 0; i < queue.size() && last == none; ++i)
      for (const std::uint32_t next : waits_for[queue[i]]) {
        if (next == start) {
          last = queue[i];
          break;
        }
        if (next >= size || came_from[next] != none) continue;
        came_from[next] = queue[i];
        queue.push_back(next);
      }
    if (last == none) continue;
    std::vector<std::uint32_t> circle;
    for (std::uint32_t at = last; at != start; at = came_from[at]) circle.push_back(at);
    circle.push_back(start);
    std::ranges::reverse(circle);
    if (best.empty() || circle.size() < best.size()) best = std::move(circle);
  }
  return best;
}

}  // namespace ravel::checks
