// SPDX-License-Identifier: MIT
// A value as it was written: short, and comparable. Long texts are cut, and end in a number made of all of them.
// Not thread safe. No allocation, no libc call.
#pragma once

#include <ravel/checks/encoded.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ravel::checks::detail {

struct written_value {
  value::form shape = value::form::nothing;
  std::int64_t bits = 0;
  std::string_view text = {};  // of the writer, or of who copied it

  friend bool operator==(const written_value&, const written_value&) = default;
};

class text_writer final : public value_writer {
 public:
  void number(std::int64_t value) noexcept override;
  void large_number(std::uint64_t value) noexcept override;
  void decimal(double value) noexcept override;
  void boolean(bool value) noexcept override;
  void nothing() noexcept override;
  void text(std::string_view words) noexcept override;
  void quoted(std::string_view words) noexcept override;
  void begin(char bracket) noexcept override;
  void end(char bracket) noexcept override;
  void thrown(std::string_view words) noexcept override;

  void clear() noexcept;
  [[nodiscard]] written_value written() noexcept;

 private:
  static constexpr std::size_t room = 480;

  void add(char one) noexcept;
  void add(std::string_view words) noexcept;
  void next(value::form shape) noexcept;
  // A value by itself is no text.
  [[nodiscard]] bool is_whole(value::form shape, std::int64_t bits) noexcept;

  value::form shape_ = value::form::nothing;
  std::int64_t bits_ = 0;
  unsigned depth_ = 0, count_ = 0;
  std::size_t size_ = 0, length_ = 0;  // kept, and of all
  std::uint64_t hash_ = 0;
  char text_[room + 32];
};

}  // namespace ravel::checks::detail
