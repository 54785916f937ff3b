// SPDX-License-Identifier: MIT
// Arguments and results as what can be compared and shown of them: numbers, texts, lists of such. Done when they come;
// nothing of them is kept alive. Own types: an operator<<, or tell what to compare in the call itself, by a lambda.
// Thread safety: a writer belongs to its thread. Cost: some ns for a number.
#pragma once

#include <ravel/checks/history.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <ostream>
#include <ranges>
#include <sstream>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace ravel::checks {

// Where a value is written to. Nothing of it is inline, so that it takes no point and no tool sees it.
class value_writer {
 public:
  virtual void number(std::int64_t value) noexcept = 0;
  virtual void large_number(std::uint64_t value) noexcept = 0;  // above what a signed one can be
  virtual void decimal(double value) noexcept = 0;
  virtual void boolean(bool value) noexcept = 0;
  virtual void nothing() noexcept = 0;
  virtual void text(std::string_view words) noexcept = 0;    // as it is
  virtual void quoted(std::string_view words) noexcept = 0;  // a string
  virtual void begin(char bracket) noexcept = 0;             // of a list; what follows are its values
  virtual void end(char bracket) noexcept = 0;
  virtual void thrown(std::string_view words) noexcept = 0;

 protected:
  ~value_writer() = default;
};

namespace detail {

template <class Type>
concept string_like = std::convertible_to<const Type&, std::string_view>;
template <class Type>
concept maybe_like = requires(const Type& value) {
  { value.has_value() } -> std::convertible_to<bool>;
  *value;
};
template <class Type>
concept tuple_like = requires { std::tuple_size<Type>::value; };
template <class Type>
concept printable = requires(std::ostream& out, const Type& value) { out << value; };
template <class Type>
concept pointer_like = std::is_pointer_v<Type> || std::is_member_pointer_v<Type> ||
                       (std::input_or_output_iterator<Type>) || requires(const Type& value) {
                         typename Type::element_type;
                         value.get();
                       };
template <class Type>
inline constexpr bool is_variant = false;
template <class... Types>
inline constexpr bool is_variant<std::variant<Types...>> = true;

template <class Type>
concept encodable = std::is_arithmetic_v<Type> || std::is_enum_v<Type> || std::is_null_pointer_v<Type> ||
                    std::same_as<Type, std::monostate> || string_like<Type> || maybe_like<Type> || tuple_like<Type> ||
                    is_variant<Type> || std::ranges::input_range<const Type> || printable<Type>;

template <class Type>
void encode(value_writer& out, const Type& value) {
  static_assert(string_like<Type> || !pointer_like<Type>,
                "Ravel cannot compare a pointer or an iterator of one object with that of its model. Say what of it "
                "counts, by a lambda: history(\"find\", [](your_map& map, int key) { return *map.find(key); }, 3)");
  static_assert(pointer_like<Type> || encodable<Type>,
                "Ravel can neither show nor compare this type. Give it an operator<<, or say what of it counts, by a "
                "lambda: history(\"get\", [](your_pool& pool) { return pool.get().number; })");
  if constexpr (std::same_as<Type, bool>) {
    out.boolean(value);
  } else if constexpr (std::is_enum_v<Type>) {
    out.number(static_cast<std::int64_t>(value));
  } else if constexpr (std::unsigned_integral<Type>) {
    if (static_cast<std::uint64_t>(value) >> 63 != 0)
      out.large_number(value);
    else
      out.number(static_cast<std::int64_t>(value));
  } else if constexpr (std::signed_integral<Type>) {
    out.number(value);
  } else if constexpr (std::floating_point<Type>) {
    out.decimal(static_cast<double>(value));
  } else if constexpr (std::is_null_pointer_v<Type> || std::same_as<Type, std::monostate>) {
    out.nothing();
  } else if constexpr (string_like<Type>) {
    out.quoted(value);
  } else if constexpr (pointer_like<Type>) {
  } else if constexpr (maybe_like<Type>) {
    if (!value.has_value())
      out.nothing();
    else
      encode(out, *value);
  } else if constexpr (is_variant<Type>) {
    std::visit([&](const auto& held) { encode(out, held); }, value);
  } else if constexpr (std::ranges::input_range<const Type>) {
    out.begin('[');
    for (const auto& element : value) encode(out, element);
    out.end(']');
  } else if constexpr (tuple_like<Type>) {
    out.begin('(');
    std::apply([&](const auto&... elements) { (encode(out, elements), ...); }, value);
    out.end(')');
  } else if constexpr (printable<Type>) {
    std::ostringstream words;
    words << value;
    out.text(words.str());
  }
}

// The exception in flight, as a result.
void encode_exception(value_writer& out) noexcept;

}  // namespace detail

}  // namespace ravel::checks
