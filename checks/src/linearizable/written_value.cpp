// SPDX-License-Identifier: MIT
// See written_value.hpp and ravel/checks/encoded.hpp.
#include "written_value.hpp"

#include <ravel/fixed_text.hpp>

#include <cxxabi.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <typeinfo>

namespace ravel::checks::detail {

void text_writer::clear() noexcept {
  shape_ = value::form::nothing;
  bits_ = 0;
  depth_ = count_ = 0;
  size_ = length_ = 0;
  hash_ = 0xCBF29CE484222325ull;
}

void text_writer::add(char one) noexcept {
  hash_ = (hash_ ^ static_cast<unsigned char>(one)) * 0x100000001B3ull;
  ++length_;
  if (size_ < room) text_[size_++] = one;
}
void text_writer::add(std::string_view words) noexcept {
  for (const char one : words) add(one);
}

void text_writer::next(value::form shape) noexcept {
  if (depth_ == 0) shape_ = shape;
  if (count_++ != 0) add(", ");
}

bool text_writer::is_whole(value::form shape, std::int64_t bits) noexcept {
  if (depth_ != 0 || count_ != 0) return false;
  shape_ = shape;
  bits_ = bits;
  ++count_;
  return true;
}

void text_writer::number(std::int64_t value) noexcept {
  if (is_whole(value::form::number, value)) return;
  next(value::form::text);
  fixed_text<32> digits{};
  add(digits.add_signed(value).c_str());
}
void text_writer::large_number(std::uint64_t value) noexcept {
  next(value::form::text);
  fixed_text<32> digits{};
  add(digits.add_number(value).c_str());
}
// With all digits: what differs is to differ.
void text_writer::decimal(double value) noexcept {
  next(value::form::text);
  char digits[40];
  std::snprintf(digits, sizeof digits, "%.6g", value);
  double read = 0;
  if (std::sscanf(digits, "%lf", &read) != 1 || read != value) std::snprintf(digits, sizeof digits, "%.17g", value);
  add(digits);
}
void text_writer::boolean(bool value) noexcept {
  if (is_whole(value::form::boolean, value ? 1 : 0)) return;
  next(value::form::text);
  add(value ? "true" : "false");
}
void text_writer::nothing() noexcept {
  if (is_whole(value::form::nothing, 0)) return;
  next(value::form::text);
  add("nothing");
}
void text_writer::text(std::string_view words) noexcept {
  next(value::form::text);
  add(words);
}
void text_writer::quoted(std::string_view words) noexcept {
  next(value::form::text);
  add('"');
  add(words);
  add('"');
}
void text_writer::begin(char bracket) noexcept {
  next(value::form::text);
  add(bracket);
  ++depth_;
  count_ = 0;
}
void text_writer::end(char bracket) noexcept {
  add(bracket);
  --depth_;
  ++count_;
}
void text_writer::thrown(std::string_view words) noexcept {
  clear();
  shape_ = value::form::thrown;
  add(words);
}

written_value text_writer::written() noexcept {
  if (shape_ != value::form::text && shape_ != value::form::thrown) return {shape_, bits_, {}};
  if (length_ > room) {
    fixed_text<32> rest{};
    rest.add("... #").add_hex(hash_);
    for (const char* one = rest.c_str(); *one != '\0'; ++one) text_[size_++] = *one;
    length_ = size_;
  }
  return {shape_, 0, {text_, size_}};
}

void encode_exception(value_writer& out) noexcept {
  const std::type_info* type = abi::__cxa_current_exception_type();
  int status = 0;
  char* readable = type == nullptr ? nullptr : abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  std::string words = readable != nullptr ? readable : "something";
  std::free(readable);
  try {
    throw;
  } catch (const std::exception& one) {
    words += std::string(": ") + one.what();
  } catch (...) {
  }
  out.thrown(words);
}

}  // namespace ravel::checks::detail
