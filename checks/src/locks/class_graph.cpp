// SPDX-License-Identifier: MIT
// See class_graph.hpp.
#include "class_graph.hpp"

#include <algorithm>

namespace ravel::checks {

std::vector<std::uint32_t> strong_components(const std::vector<std::vector<std::uint32_t>>& next) {
  constexpr std::uint32_t none = ~0u;
  const auto size = static_cast<std::uint32_t>(next.size());
  std::vector<std::uint32_t> component(size, none), order(size, none), low(size, 0), open;
  struct visit {
    std::uint32_t node, edge;
  };
  std::vector<visit> path;
  std::uint32_t visited = 0, components = 0;
  for (std::uint32_t root = 0; root < size; ++root) {
    if (order[root] != none) continue;
    path.push_back({root, 0});
    while (!path.empty()) {
      auto& [node, edge] = path.back();
      if (edge == 0) {
        order[node] = low[node] = visited++;
        open.push_back(node);
      }
      if (edge < next[node].size()) {
        const std::uint32_t to = next[node][edge++];
        if (order[to] == none)
          path.push_back({to, 0});
        else if (component[to] == none)
          low[node] = std::min(low[node], order[to]);
        continue;
      }
      const std::uint32_t done = node;
      if (low[done] == order[done]) {
        std::uint32_t member;
        do {
          member = open.back();
          open.pop_back();
          component[member] = components;
        } while (member != done);
        ++components;
      }
      path.pop_back();
      if (!path.empty()) low[path.back().node] = std::min(low[path.back().node], low[done]);
    }
  }
  return component;
}

std::uint32_t class_graph::number(std::uint64_t name) {
  const auto [entry, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(numbers_.size()));
  if (is_new) next_.emplace_back();
  return entry->second;
}

void class_graph::add(std::uint64_t held, std::uint64_t wanted) {
  const std::uint32_t from = number(held), to = number(wanted);
  if (!edges_.insert(static_cast<std::uint64_t>(from) << 32 | to).second) return;
  next_[from].push_back(to);
  is_current_ = false;
}

bool class_graph::is_on_cycle(std::uint64_t held, std::uint64_t wanted) {
  const std::uint32_t from = number(held), to = number(wanted);
  if (from == to) return true;
  if (!is_current_ || component_.size() != next_.size()) {
    component_ = strong_components(next_);
    is_current_ = true;
  }
  return component_[from] == component_[to];
}

}  // namespace ravel::checks
