// SPDX-License-Identifier: MIT
// A value turned into a short text at once, so that a failed requirement can carry it without allocation.
// Numbers, booleans, characters, enumerations, pointers and strings are shown; other types by size.
#pragma once

#include <ravel/fixed_text.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace ravel {

class shown {
 public:
  template <class Value>
  explicit shown(const Value& value) noexcept : text_{} {
    if constexpr (std::same_as<Value, bool>)
      text_.add(value ? "true" : "false");
    else if constexpr (std::same_as<Value, char>)
      text_.add('\'').add(value).add('\'');
    else if constexpr (std::signed_integral<Value>)
      text_.add_signed(value);
    else if constexpr (std::unsigned_integral<Value>)
      text_.add_number(value);
    else if constexpr (std::is_enum_v<Value>)
      text_.add_signed(static_cast<std::int64_t>(value));
    else if constexpr (std::floating_point<Value>)
      add_decimal(static_cast<double>(value));
    else if constexpr (std::convertible_to<const Value&, std::string_view>) {
      const std::string_view view = value;
      text_.add('"').add(view.data(), view.size()).add('"');
    } else if constexpr (std::is_pointer_v<Value>)
      text_.add_hex(reinterpret_cast<std::uintptr_t>(value));
    else
      text_.add("a value of ").add_number(sizeof(Value)).add(" bytes");
  }

  [[nodiscard]] const char* c_str() const noexcept { return text_.c_str(); }

 private:
  void add_decimal(double value) noexcept;

  fixed_text<64> text_;
};

}  // namespace ravel
