// SPDX-License-Identifier: MIT
// What a trial came to, as values of which each is expected, interesting or forbidden, counted over all trials:
//   trial.outcome({.expected = {{0, 1}, {1, 0}}, .interesting = {{1, 1}}, .forbidden = {{0, 0}}}, a, b);
// Of one value: {.expected = {0, 1}}. The report ends with a table of all values, as jcstress prints it. Values are
// numbers, booleans, characters, enumerations and texts, told apart as they are shown (60 characters of each, 150 in
// all). Thread safety: the thread that runs the body. Cost: some 200 ns (ThreadSanitizer: 1.6 us), unfelt by others.
#pragma once

#include <ravel/fixed_text.hpp>
#include <ravel/shown.hpp>
#include <ravel/site.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace ravel {

enum class outcome_kind : unsigned char { expected, interesting, forbidden, unlisted };

// "forbidden". Never null.
[[nodiscard]] const char* word_for(outcome_kind kind) noexcept;

// A forbidden value is a finding of its trial. So is one in no list, unless nothing is expected: then it is only
// counted. What is listed and never came is in the table, too. A value in two of the lists is misuse. The lists of the
// first call at a place hold for all later ones there.
template <class... Values>
struct outcome_lists {
  std::initializer_list<std::tuple<Values...>> expected = {};
  std::initializer_list<std::tuple<Values...>> interesting = {};  // told in the table, and no more
  std::initializer_list<std::tuple<Values...>> forbidden = {};
  site place = site::here();
};

namespace detail {

template <class Value>
concept tells_outcomes =
    std::is_arithmetic_v<Value> || std::is_enum_v<Value> || std::convertible_to<const Value&, std::string_view>;

// What is kept of a value: itself, or where its characters are.
template <class Value>
struct outcome_part_of {
  static_assert(tells_outcomes<Value>,
                "the values of trial.outcome are numbers, booleans, characters, enumerations or strings: give what "
                "tells outcomes apart, such as count.load(), taken.value_or(-1) or list.size()");
  using type = std::conditional_t<std::is_arithmetic_v<Value> || std::is_enum_v<Value>, Value, std::string_view>;
};
template <class Value>
using outcome_part = typename outcome_part_of<Value>::type;

using outcome_text = fixed_text<152>;

// Values as they are, and how they become text: where that is done no point is taken, and only if it is needed.
struct outcome_rows {
  const void* first = nullptr;
  std::size_t count = 0;
  std::size_t bytes = 0;  // of each
  void (*write)(const void* row, outcome_text& to) noexcept = nullptr;
};

template <class... Parts>
void write_outcome(const void* row, outcome_text& to) noexcept {
  std::apply(
      [&](const auto&... part) {
        const char* before = sizeof...(part) == 1 ? "" : "(";
        ((to.add(before).add(shown(part).c_str()), before = ", "), ...);
        if (sizeof...(part) != 1) to.add(')');
      },
      *static_cast<const std::tuple<Parts...>*>(row));
}

template <class... Parts>
[[nodiscard]] outcome_rows rows_of(const std::tuple<Parts...>* first, std::size_t count) noexcept {
  return {first, count, sizeof(std::tuple<Parts...>), &write_outcome<Parts...>};
}

// By kind: expected, interesting, forbidden.
struct listed_outcomes {
  outcome_rows of[3];
  site place;
};

}  // namespace detail

}  // namespace ravel
