// SPDX-License-Identifier: MIT
// See minimise.hpp.
#include "minimise.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

using script = std::vector<scripted_switch>;

script without(const script& all, std::size_t begin, std::size_t end) {
  script rest(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(begin));
  rest.insert(rest.end(), all.begin() + static_cast<std::ptrdiff_t>(end), all.end());
  return rest;
}

}  // namespace

script minimised(script left, const std::function<bool(const script&)>& shows, const std::function<bool()>& may_go_on) {
  if (left.empty() || !may_go_on()) return left;
  if (shows({})) return {};
  std::size_t parts = 2;
  while (parts <= left.size()) {
    bool is_smaller = false;
    for (std::size_t part = 0; part < parts && !is_smaller; ++part) {
      const std::size_t begin = left.size() * part / parts, end = left.size() * (part + 1) / parts;
      if (begin == end || end - begin == left.size()) continue;
      if (!may_go_on()) return left;
      script rest = without(left, begin, end);
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
