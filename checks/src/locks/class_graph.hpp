// SPDX-License-Identifier: MIT
// Lock classes and which was wanted while which was held: a quick answer to "can this trial's tuples be part
// of a cycle at all?", so that the tuples of trials with orderly locking need not be kept.
// A class is any function of the instance, so no cycle of instances is lost by it. One thread at a time.
// Cost: O(1) for a known edge; O(classes + edges) when a new one came in.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace ravel::checks {

class class_graph {
 public:
  void add(std::uint64_t held, std::uint64_t wanted);
  // The edge lies on a cycle of those added so far.
  [[nodiscard]] bool is_on_cycle(std::uint64_t held, std::uint64_t wanted);

 private:
  std::uint32_t number(std::uint64_t name);
  void find_components();

  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;
  std::unordered_set<std::uint64_t> edges_;  // held << 32 | wanted
  std::vector<std::vector<std::uint32_t>> next_;
  std::vector<std::uint32_t> component_;
  bool is_current_ = true;
};

// Strongly connected components of next[node] = successors: result[node] is its component. Tarjan 1972,
// without recursion.
[[nodiscard]] std::vector<std::uint32_t> strong_components(const std::vector<std::vector<std::uint32_t>>& next);

}  // namespace ravel::checks
