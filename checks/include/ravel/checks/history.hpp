// SPDX-License-Identifier: MIT
// A history: which thread called which operation with what, when, and what came back. Plain data that a checker reads
// (ravel/checks/check_history.hpp), made by a recorder (ravel/checks/linearizable.hpp), a file, or by hand.
// Not thread safe. Cost: one call is about 100 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ravel::checks {

// An argument or a result, by what can be compared of it.
struct value {
  enum class form : std::uint8_t { nothing, boolean, number, text, thrown };

  form shape = form::nothing;
  std::int64_t bits = 0;  // of a text, and of what was thrown: its number in the history's texts

  static value of(bool is_true) noexcept { return {form::boolean, is_true ? 1 : 0}; }
  static value of(std::int64_t number) noexcept { return {form::number, number}; }

  [[nodiscard]] bool is_nothing() const noexcept { return shape == form::nothing; }
  [[nodiscard]] bool is_thrown() const noexcept { return shape == form::thrown; }
  friend bool operator==(const value&, const value&) = default;
};

struct call {
  static constexpr std::uint64_t never = ~std::uint64_t{0};
  static constexpr std::size_t most_arguments = 3;  // more of them are written as one text

  std::uint32_t thread = 0;     // number in history::threads
  std::uint32_t operation = 0;  // number in history::operations
  std::uint64_t invoked = 0;    // in any unit, the same for all
  std::uint64_t returned = never;
  std::uint32_t argument_count = 0;
  value argument[most_arguments];
  value result;  // of a call that has returned

  [[nodiscard]] bool is_pending() const noexcept { return returned == never; }
};

class history {
 public:
  // shape: of each thread in the order of its calls; only its last one may be pending
  std::vector<call> calls;
  std::vector<std::string> threads, operations, texts;
  std::uint64_t margin = 0;  // a call that begins no more than that after another one's end counts as concurrent

  // The number of that name, new or known.
  std::uint32_t thread_named(std::string_view name) { return number_in(threads, thread_numbers_, name); }
  std::uint32_t operation_named(std::string_view name) { return number_in(operations, operation_numbers_, name); }
  [[nodiscard]] value text(std::string_view words) {
    return {value::form::text, number_in(texts, text_numbers_, words)};
  }
  [[nodiscard]] value thrown(std::string_view words) {
    return {value::form::thrown, number_in(texts, text_numbers_, words)};
  }

  // "7", "true", "nothing", "throws std::out_of_range: ..."
  [[nodiscard]] std::string words_for(const value& shown) const;
  // "put(3)"
  [[nodiscard]] std::string words_for(const call& shown) const;

 private:
  using numbers = std::unordered_map<std::string, std::uint32_t>;
  static std::uint32_t number_in(std::vector<std::string>& names, numbers& known, std::string_view name);

  numbers thread_numbers_, operation_numbers_, text_numbers_;
};

}  // namespace ravel::checks
