// SPDX-License-Identifier: MIT
// See mode_names.hpp.
#include "mode_names.hpp"

#include <algorithm>
#include <tuple>

namespace ravel::detail {

namespace {

std::vector<mode_name>& list() {
  static std::vector<mode_name> names;
  return names;
}

}  // namespace

void add_mode_name(const mode_name& name) {
  list().push_back(name);
  std::ranges::sort(list(), {},
                    [](const mode_name& one) { return std::tuple(!one.is_default, std::string_view(one.name)); });
}

const std::vector<mode_name>& mode_names() { return list(); }

bool is_mode_name(std::string_view name) {
  return std::ranges::find(list(), name, [](const mode_name& one) { return std::string_view(one.name); }) !=
         list().end();
}

std::string known_modes() {
  std::string text;
  for (const mode_name& one : list())
    text += (text.empty() ? "" : &one == &list().back() ? " or " : ", ") + std::string(one.name);
  return text;
}

std::string mode_of(const token* token) {
  if (token != nullptr)
    for (const mode_name& one : list())
      if (one.has_made(*token)) return one.name;
  return list().empty() ? std::string() : list().front().name;
}

}  // namespace ravel::detail
