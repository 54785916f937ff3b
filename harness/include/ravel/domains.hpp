// SPDX-License-Identifier: MIT
// Domains: which values an argument of an operation may have. A value is drawn from choices, which are random numbers
// or the bytes of a fuzz input; it can be turned back into choices, shown as C++ source, and read from that.
//
//   ints(0, 4)  reals(0, 1)  any_value<T>()  one_of("red", "green")  text(8)  list_of(ints(0, 9), 4)  maybe(ints(1, 3))
//
// A domain of your own: a type with value_type, draw, encode and print (see the concept), and read if its values are to
// be written by hand in a program of check_operations. Ranges and weights are up to its draw:
//   struct account_number {
//     using value_type = account;
//     account draw(ravel::choices& from) const { return account(from.chance(80) ? 1 : from.pick(2, 99)); }
//     ...
// Thread safety: domains are values and const; choices belong to one thread. Cost: some ns a number.
// Errors: usage_error for an empty range.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ravel {

// Where values come from.
class choices {
 public:
  // In [0, count), each as likely as the others where they are random; count 0 stands for 2^64.
  [[nodiscard]] virtual std::uint64_t below(std::uint64_t count) = 0;
  [[nodiscard]] std::int64_t pick(std::int64_t low, std::int64_t high);  // both included
  [[nodiscard]] bool chance(unsigned percent) { return below(100) < percent; }

 protected:
  ~choices() = default;
};

// What a value was drawn from: the numbers that below() gave.
using chosen_numbers = std::vector<std::uint64_t>;

template <class Domain>
concept domain = requires(const Domain& domain, choices& from, const typename Domain::value_type& value,
                          chosen_numbers& chosen, std::ostream& out) {
  { domain.draw(from) } -> std::convertible_to<typename Domain::value_type>;
  domain.encode(value, chosen);  // appends the numbers from which draw makes the value again
  domain.print(value, out);      // as C++ source
};

// Takes the text of a value from the front; nothing, and the text as it was, when there is none of the domain.
template <class Domain>
concept readable_domain = domain<Domain> && requires(const Domain& domain, std::string_view& text) {
  { domain.read(text) } -> std::same_as<std::optional<typename Domain::value_type>>;
};

namespace detail {

[[noreturn]] void refuse_range(const char* domain, const std::string& low, const std::string& high);
void print_number(std::int64_t value, std::ostream& out);
void print_number(std::uint64_t value, std::ostream& out);
void print_number(double value, std::ostream& out);
void print_text(std::string_view value, std::ostream& out);
// Each takes its text from the front.
[[nodiscard]] std::optional<std::int64_t> read_signed(std::string_view& text);
[[nodiscard]] std::optional<std::uint64_t> read_unsigned(std::string_view& text);
[[nodiscard]] std::optional<double> read_real(std::string_view& text);
[[nodiscard]] std::optional<std::string> read_text(std::string_view& text);
[[nodiscard]] bool read_word(std::string_view& text, std::string_view word);
[[nodiscard]] std::string draw_text(choices& from, std::size_t most);
void encode_text(std::string_view value, chosen_numbers& chosen, std::size_t most);
[[nodiscard]] double draw_real(choices& from, double low, double high);
void encode_real(double value, chosen_numbers& chosen, double low, double high);
[[nodiscard]] std::uint64_t draw_any_bits(choices& from, unsigned bits, bool is_signed);
void encode_any_bits(std::uint64_t value, chosen_numbers& chosen);
[[nodiscard]] double draw_any_real(choices& from);
void encode_any_real(double value, chosen_numbers& chosen);

// Numbers, truth values, enumerations and texts, as C++ source.
template <class Value>
void print_value(const Value& value, std::ostream& out) {
  if constexpr (std::same_as<Value, bool>)
    out << (value ? "true" : "false");
  else if constexpr (std::is_enum_v<Value>)
    print_value(static_cast<std::underlying_type_t<Value>>(value), out);
  else if constexpr (std::unsigned_integral<Value>)
    print_number(static_cast<std::uint64_t>(value), out);
  else if constexpr (std::integral<Value>)
    print_number(static_cast<std::int64_t>(value), out);
  else if constexpr (std::floating_point<Value>)
    print_number(static_cast<double>(value), out);
  else if constexpr (std::convertible_to<const Value&, std::string_view>)
    print_text(value, out);
  else
    out << value;
}

template <class Value>
std::optional<Value> read_value(std::string_view& text) {
  const std::string_view whole = text;
  if constexpr (std::same_as<Value, bool>) {
    if (read_word(text, "true")) return true;
    if (read_word(text, "false")) return false;
  } else if constexpr (std::is_enum_v<Value>) {
    if (const auto number = read_value<std::underlying_type_t<Value>>(text)) return static_cast<Value>(*number);
  } else if constexpr (std::unsigned_integral<Value>) {
    if (const auto number = read_unsigned(text); number && std::in_range<Value>(*number))
      return static_cast<Value>(*number);
  } else if constexpr (std::integral<Value>) {
    if (const auto number = read_signed(text); number && std::in_range<Value>(*number))
      return static_cast<Value>(*number);
  } else if constexpr (std::floating_point<Value>) {
    if (const auto number = read_real(text)) return static_cast<Value>(*number);
  } else {
    if (auto words = read_text(text)) return Value(std::move(*words));
  }
  text = whole;
  return std::nullopt;
}

template <std::integral Value>
class int_domain {
 public:
  using value_type = Value;
  int_domain(Value low, Value high) : low_(low), high_(high) {
    if (low > high) refuse_range("ints", std::to_string(low), std::to_string(high));
  }
  [[nodiscard]] Value draw(choices& from) const {
    return static_cast<Value>(static_cast<std::uint64_t>(low_) + from.below(count()));
  }
  void encode(Value value, chosen_numbers& chosen) const {
    chosen.push_back(static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(low_));
  }
  void print(Value value, std::ostream& out) const { print_value(value, out); }
  [[nodiscard]] std::optional<Value> read(std::string_view& text) const {
    const std::string_view whole = text;
    const std::optional<Value> value = read_value<Value>(text);
    if (value && *value >= low_ && *value <= high_) return value;
    text = whole;
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::uint64_t count() const {  // 0: all 2^64
    return static_cast<std::uint64_t>(high_) - static_cast<std::uint64_t>(low_) + 1;
  }
  Value low_, high_;
};

template <std::floating_point Value>
class real_domain {
 public:
  using value_type = Value;
  real_domain(Value low, Value high) : low_(low), high_(high) {
    if (!(low <= high)) refuse_range("reals", std::to_string(low), std::to_string(high));
  }
  [[nodiscard]] Value draw(choices& from) const { return static_cast<Value>(draw_real(from, low_, high_)); }
  void encode(Value value, chosen_numbers& chosen) const { encode_real(value, chosen, low_, high_); }
  void print(Value value, std::ostream& out) const { print_value(value, out); }
  [[nodiscard]] std::optional<Value> read(std::string_view& text) const { return read_value<Value>(text); }

 private:
  Value low_, high_;
};

template <class Value>
class alternatives {
 public:
  using value_type = Value;
  explicit alternatives(std::vector<Value> all) : all_(std::move(all)) {}
  [[nodiscard]] Value draw(choices& from) const { return all_[from.below(all_.size())]; }
  void encode(const Value& value, chosen_numbers& chosen) const {
    std::uint64_t index = 0;
    while (index + 1 < all_.size() && !(all_[index] == value)) ++index;
    chosen.push_back(index);
  }
  void print(const Value& value, std::ostream& out) const { print_value(value, out); }
  [[nodiscard]] std::optional<Value> read(std::string_view& text) const
    requires(std::is_arithmetic_v<Value> || std::is_enum_v<Value> ||
             std::convertible_to<const Value&, std::string_view>)
  {
    const std::string_view whole = text;
    if (std::optional<Value> value = read_value<Value>(text))
      for (const Value& one : all_)
        if (one == *value) return value;
    text = whole;
    return std::nullopt;
  }

 private:
  std::vector<Value> all_;
};

class text_domain {
 public:
  using value_type = std::string;
  explicit text_domain(std::size_t most) : most_(most) {}
  [[nodiscard]] std::string draw(choices& from) const { return draw_text(from, most_); }
  void encode(const std::string& value, chosen_numbers& chosen) const { encode_text(value, chosen, most_); }
  void print(const std::string& value, std::ostream& out) const { print_text(value, out); }
  [[nodiscard]] std::optional<std::string> read(std::string_view& text) const { return read_text(text); }

 private:
  std::size_t most_;
};

template <domain Item>
class list_domain {
 public:
  using value_type = std::vector<typename Item::value_type>;
  list_domain(Item item, std::size_t most) : item_(std::move(item)), most_(most) {}
  [[nodiscard]] value_type draw(choices& from) const {
    value_type all;
    for (std::uint64_t left = from.below(most_ + 1); left != 0; --left) all.push_back(item_.draw(from));
    return all;
  }
  void encode(const value_type& value, chosen_numbers& chosen) const {
    chosen.push_back(value.size());
    for (const auto& one : value) item_.encode(one, chosen);
  }
  void print(const value_type& value, std::ostream& out) const {
    out << '{';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i != 0) out << ", ";
      item_.print(value[i], out);
    }
    out << '}';
  }
  [[nodiscard]] std::optional<value_type> read(std::string_view& text) const
    requires readable_domain<Item>
  {
    const std::string_view whole = text;
    value_type all;
    if (read_word(text, "{")) {
      while (!read_word(text, "}")) {
        if (!all.empty() && !read_word(text, ",")) return text = whole, std::nullopt;
        std::optional<typename Item::value_type> one = item_.read(text);
        if (!one) return text = whole, std::nullopt;
        all.push_back(std::move(*one));
      }
      return all;
    }
    return std::nullopt;
  }

 private:
  Item item_;
  std::size_t most_;
};

template <domain Item>
class maybe_domain {
 public:
  using value_type = std::optional<typename Item::value_type>;
  explicit maybe_domain(Item item) : item_(std::move(item)) {}
  [[nodiscard]] value_type draw(choices& from) const {
    return from.below(2) == 0 ? value_type() : value_type(item_.draw(from));
  }
  void encode(const value_type& value, chosen_numbers& chosen) const {
    chosen.push_back(value ? 1 : 0);
    if (value) item_.encode(*value, chosen);
  }
  void print(const value_type& value, std::ostream& out) const {
    if (value)
      item_.print(*value, out);
    else
      out << "std::nullopt";
  }
  [[nodiscard]] std::optional<value_type> read(std::string_view& text) const
    requires readable_domain<Item>
  {
    if (read_word(text, "std::nullopt")) return value_type();
    if (std::optional<typename Item::value_type> value = item_.read(text)) return value_type(std::move(*value));
    return std::nullopt;
  }

 private:
  Item item_;
};

// Any number: small ones and the ends of the range as often as all others together.
template <class Value>
class any_number {
 public:
  using value_type = Value;
  [[nodiscard]] Value draw(choices& from) const {
    if constexpr (std::same_as<Value, bool>)
      return from.below(2) != 0;
    else if constexpr (std::floating_point<Value>)
      return static_cast<Value>(draw_any_real(from));
    else
      return static_cast<Value>(draw_any_bits(from, sizeof(Value) * 8, std::is_signed_v<Value>));
  }
  void encode(Value value, chosen_numbers& chosen) const {
    if constexpr (std::same_as<Value, bool>)
      chosen.push_back(value ? 1 : 0);
    else if constexpr (std::floating_point<Value>)
      encode_any_real(value, chosen);
    else
      encode_any_bits(static_cast<std::uint64_t>(value), chosen);
  }
  void print(Value value, std::ostream& out) const { print_value(value, out); }
  [[nodiscard]] std::optional<Value> read(std::string_view& text) const { return read_value<Value>(text); }
};

template <class Value>
struct any_of {
  static_assert(std::is_arithmetic_v<Value>,
                "Ravel knows no domain of all values of this type: name the values by ravel::one_of(...), or write a "
                "domain of your own (ravel/domains.hpp)");
  static auto make() { return any_number<Value>(); }
};
template <>
struct any_of<std::string> {
  static auto make() { return text_domain(16); }
};
template <class Value>
struct any_of<std::vector<Value>> {
  static auto make() { return list_domain(any_of<Value>::make(), 4); }
};
template <class Value>
struct any_of<std::optional<Value>> {
  static auto make() { return maybe_domain(any_of<Value>::make()); }
};

template <class Value>
using kept_value = std::conditional_t<std::convertible_to<Value, std::string_view> && !std::same_as<Value, std::string>,
                                      std::string, Value>;

}  // namespace detail

// Whole numbers from low to high, both included.
template <std::integral Low, std::integral High>
[[nodiscard]] auto ints(Low low, High high) {
  using number = std::common_type_t<Low, High>;
  return detail::int_domain<number>(static_cast<number>(low), static_cast<number>(high));
}
// Real numbers from low to high, both included, in 2^32 steps.
template <class Low, class High>
  requires(std::is_arithmetic_v<Low> && std::is_arithmetic_v<High>)
[[nodiscard]] auto reals(Low low, High high) {
  using number =
      std::conditional_t<std::floating_point<std::common_type_t<Low, High>>, std::common_type_t<Low, High>, double>;
  return detail::real_domain<number>(static_cast<number>(low), static_cast<number>(high));
}
// Any value of a number type, bool, std::string (of up to 16 characters), and vectors (of up to 4) and optionals of
// these.
template <class Value>
[[nodiscard]] auto any_value() {
  return detail::any_of<Value>::make();
}
// One of these; enumerators, too.
template <class First, class... Others>
[[nodiscard]] auto one_of(First first, Others... others) {
  using value = detail::kept_value<std::common_type_t<First, Others...>>;
  return detail::alternatives<value>(std::vector<value>{value(std::move(first)), value(std::move(others))...});
}
// Texts of up to so many characters.
[[nodiscard]] inline auto text(std::size_t most) { return detail::text_domain(most); }
// Vectors of up to so many items.
template <domain Item>
[[nodiscard]] auto list_of(Item item, std::size_t most) {
  return detail::list_domain<Item>(std::move(item), most);
}
// A std::optional: nothing, or an item.
template <domain Item>
[[nodiscard]] auto maybe(Item item) {
  return detail::maybe_domain<Item>(std::move(item));
}

}  // namespace ravel
