// SPDX-License-Identifier: MIT
// See ravel/checks/history.hpp and ravel/checks/check_history.hpp.
#include <ravel/checks/check_history.hpp>

#include <map>
#include <numeric>

namespace ravel::checks {

std::uint32_t history::number_in(std::vector<std::string>& names, numbers& known, std::string_view name) {
  // Names may have been put in by hand.
  for (std::size_t i = known.size(); i < names.size(); ++i) known.emplace(names[i], static_cast<std::uint32_t>(i));
  const auto [place, is_new] = known.emplace(std::string(name), static_cast<std::uint32_t>(names.size()));
  if (is_new) names.emplace_back(name);
  return place->second;
}

std::string history::words_for(const value& shown) const {
  switch (shown.shape) {
    case value::form::nothing: return "nothing";
    case value::form::boolean: return shown.bits != 0 ? "true" : "false";
    case value::form::number: return std::to_string(shown.bits);
    case value::form::text: return texts.at(static_cast<std::size_t>(shown.bits));
    case value::form::thrown: break;
  }
  return "throws " + texts.at(static_cast<std::size_t>(shown.bits));
}

std::string history::words_for(const call& shown) const {
  std::string words = operations.at(shown.operation) + "(";
  for (std::uint32_t i = 0; i < shown.argument_count; ++i) words += (i == 0 ? "" : ", ") + words_for(shown.argument[i]);
  return words + ")";
}

std::vector<std::vector<std::uint32_t>> parts_of(const history& history,
                                                 const std::function<std::optional<value>(const call_view&)>& part) {
  std::vector<std::vector<std::uint32_t>> parts;
  if (!part) {
    parts.emplace_back(history.calls.size());
    std::iota(parts.back().begin(), parts.back().end(), 0u);
    return parts;
  }
  std::map<std::pair<value::form, std::int64_t>, std::size_t> known;
  for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
    const std::optional<value> key = part(call_view{history, i});
    if (!key) return parts_of(history, {});  // a call that concerns all
    const auto [place, is_new] = known.emplace(std::pair(key->shape, key->bits), parts.size());
    if (is_new) parts.emplace_back();
    parts[place->second].push_back(i);
  }
  return parts;
}

}  // namespace ravel::checks
