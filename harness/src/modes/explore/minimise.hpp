// SPDX-License-Identifier: MIT
// Leaves out items, e.g. switches of a script, as long as what is left still shows the finding: first halves, then ever
// smaller parts, until no single one can go. Pure but for `shows`. Cost: O(n log n) calls of `shows` where few items
// matter, O(n^2) at worst. Source: delta debugging, Zeller and Hildebrandt 2002 (ddmin). Differs: only complements are
// tried, and nothing at all first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

namespace ravel::detail {

// shows: whether the finding shows with these. may_go_on: false ends the search with what is left so far.
template <class Item>
[[nodiscard]] std::vector<Item> minimised(
    std::vector<Item> left, const std::type_identity_t<std::function<bool(const std::vector<Item>&)>>& shows,
    const std::function<bool()>& may_go_on) {
  if (left.empty() || !may_go_on()) return left;
  if (shows({})) return {};
  std::size_t parts = 2;
  while (parts <= left.size()) {
    bool is_smaller = false;
    for (std::size_t part = 0; part < parts && !is_smaller; ++part) {
      const std::size_t begin = left.size() * part / parts, end = left.size() * (part + 1) / parts;
      if (begin == end || end - begin == left.size()) continue;
      if (!may_go_on()) return left;
      std::vector<Item> rest(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(begin));
      rest.insert(rest.end(), left.begin() + static_cast<std::ptrdiff_t>(end), left.end());
      if (!shows(rest)) continue;
      left = std::move(rest);
      is_smaller = true;
    }
    if (is_smaller)
      parts = std::max<std::size_t>(parts - 1, 2);
    else if (parts == left.size())
      break;
    else
      parts = std::min(parts * 2, left.size());
  }
  return left;
}

}  // namespace ravel::detail
