// SPDX-License-Identifier: MIT
// See ravel/domains.hpp: what the domains share that needs no type of the user's.
#include <ravel/domains.hpp>

#include <ravel/usage_error.hpp>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <limits>

namespace ravel {

std::int64_t choices::pick(std::int64_t low, std::int64_t high) {
  if (low > high) detail::refuse_range("pick", std::to_string(low), std::to_string(high));
  const std::uint64_t count = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + below(count));
}

namespace detail {

namespace {

constexpr double real_steps = 4294967296.0;
constexpr std::uint64_t printable = 96;  // ' ' to '~', and the end of a line

// Drawn as often as all other numbers together; of unsigned numbers the negative ones are the largest.
constexpr std::int64_t small_numbers[] = {0, 1, 2, 3, 4, 7, 8, 10, 16, 100, -1, -2};
constexpr std::size_t small_count = std::size(small_numbers);
constexpr double telling_reals[] = {0.0,
                                    -0.0,
                                    1.0,
                                    -1.0,
                                    0.5,
                                    std::numeric_limits<double>::epsilon(),
                                    std::numeric_limits<double>::min(),
                                    std::numeric_limits<double>::max(),
                                    -std::numeric_limits<double>::max(),
                                    std::numeric_limits<double>::infinity(),
                                    -std::numeric_limits<double>::infinity()};

std::size_t blanks_in_front(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && text[count] == ' ') ++count;
  return count;
}

template <class Number>
std::optional<Number> read_digits(std::string_view& text) {
  const std::string_view rest = text.substr(blanks_in_front(text));
  Number value{};
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text = rest.substr(static_cast<std::size_t>(end - rest.data()));
  return value;
}

}  // namespace

void refuse_range(const char* domain, const std::string& low, const std::string& high) {
  throw usage_error(std::string(domain) + "(" + low + ", " + high + "): the range is empty; put the lower end first.");
}

void print_number(std::int64_t value, std::ostream& out) {
  if (value == std::numeric_limits<std::int64_t>::min())
    out << value + 1 << " - 1";  // its digits alone are no literal of C++
  else
    out << value;
}
void print_number(std::uint64_t value, std::ostream& out) { out << value << 'u'; }
void print_number(double value, std::ostream& out) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.17g", value);
  for (int precision = 1; precision < 17; ++precision) {
    char shorter[32];
    std::snprintf(shorter, sizeof shorter, "%.*g", precision, value);
    if (std::strtod(shorter, nullptr) != value) continue;
    std::snprintf(digits, sizeof digits, "%s", shorter);
    break;
  }
  out << digits;
  if (std::isfinite(value) && std::string_view(digits).find_first_of(".e") == std::string_view::npos) out << ".0";
}

void print_text(std::string_view value, std::ostream& out) {
  out << '"';
  for (const char one : value) {
    const auto byte = static_cast<unsigned char>(one);
    if (one == '"' || one == '\\')
      out << '\\' << one;
    else if (one == '\n')
      out << "\\n";
    else if (byte >= 32 && byte < 127)
      out << one;
    else
      out << '\\' << static_cast<char>('0' + byte / 64) << static_cast<char>('0' + byte / 8 % 8)
          << static_cast<char>('0' + byte % 8);
  }
  out << '"';
}

std::optional<std::int64_t> read_signed(std::string_view& text) {
  const std::string_view whole = text;
  std::optional<std::int64_t> value = read_digits<std::int64_t>(text);
  if (value && *value == std::numeric_limits<std::int64_t>::min() + 1 && read_word(text, "- 1")) --*value;
  if (!value) text = whole;
  return value;
}

std::optional<std::uint64_t> read_unsigned(std::string_view& text) {
  const std::optional<std::uint64_t> value = read_digits<std::uint64_t>(text);
  if (value && !text.empty() && text.front() == 'u') text.remove_prefix(1);
  return value;
}

std::optional<double> read_real(std::string_view& text) { return read_digits<double>(text); }

std::optional<std::string> read_text(std::string_view& text) {
  const std::string_view whole = text;
  text.remove_prefix(blanks_in_front(text));
  std::string value;
  if (text.empty() || text.front() != '"') return text = whole, std::nullopt;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    if (text[i] != '\\') {
      value += text[i];
      continue;
    }
    if (++i == text.size()) break;
    if (text[i] == 'n') {
      value += '\n';
    } else if (text[i] >= '0' && text[i] <= '3' && i + 2 < text.size()) {
      value += static_cast<char>((text[i] - '0') * 64 + (text[i + 1] - '0') * 8 + (text[i + 2] - '0'));
      i += 2;
    } else {
      value += text[i];
    }
  }
  text = whole;
  return std::nullopt;
}

bool read_word(std::string_view& text, std::string_view word) {
  const std::string_view rest = text.substr(blanks_in_front(text));
  if (!rest.starts_with(word)) return false;
  text = rest.substr(word.size());
  return true;
}

std::string draw_text(choices& from, std::size_t most) {
  std::string value;
  for (std::uint64_t left = from.below(most + 1); left != 0; --left) {
    const std::uint64_t which = from.below(printable);
    value += which == printable - 1 ? '\n' : static_cast<char>(' ' + which);
  }
  return value;
}

void encode_text(std::string_view value, chosen_numbers& chosen, std::size_t most) {
  value = value.substr(0, most);
  chosen.push_back(value.size());
  for (const char one : value) {
    const auto byte = static_cast<unsigned char>(one);
    chosen.push_back(byte < ' ' || byte >= ' ' + printable - 1 ? printable - 1 : byte - ' ');
  }
}

double draw_real(choices& from, double low, double high) {
  const double share = static_cast<double>(from.below(static_cast<std::uint64_t>(real_steps) + 1)) / real_steps;
  return low * (1 - share) + high * share;
}

void encode_real(double value, chosen_numbers& chosen, double low, double high) {
  const double share = high > low ? (value - low) / (high - low) : 0;
  chosen.push_back(static_cast<std::uint64_t>(std::llround(std::fmin(std::fmax(share, 0), 1) * real_steps)));
}

// Half of the time a small number or an end of the range.
std::uint64_t draw_any_bits(choices& from, unsigned bits, bool is_signed) {
  if (from.below(2) != 0) return from.below(0);
  const std::uint64_t which = from.below(small_count + 2);
  if (which < small_count) return static_cast<std::uint64_t>(small_numbers[which]);
  const std::uint64_t largest = (is_signed ? ~std::uint64_t{0} >> 1 : ~std::uint64_t{0}) >> (64 - bits);
  return which == small_count ? largest : ~largest;
}

void encode_any_bits(std::uint64_t value, chosen_numbers& chosen) {
  chosen.push_back(1);
  chosen.push_back(value);
}

double draw_any_real(choices& from) {
  if (from.below(2) == 0) return telling_reals[from.below(std::size(telling_reals))];
  const double value = std::bit_cast<double>(from.below(0));
  return std::isnan(value) ? 0.25 : value;  // a NaN is not even equal to itself
}

void encode_any_real(double value, chosen_numbers& chosen) {
  chosen.push_back(1);
  chosen.push_back(std::bit_cast<std::uint64_t>(value));
}

}  // namespace detail

}  // namespace ravel
