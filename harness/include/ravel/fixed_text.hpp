// SPDX-License-Identifier: MIT
// Text in a buffer of fixed size, for places where nothing may allocate, lock or call an intercepted
// function: sanitizer hooks, signal handlers, worker threads. Longer text is cut and ends in "...".
// Not thread safe. Cost: O(bytes appended). Zeroed memory is a valid empty text.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ravel {

// Copies without calling memcpy, which sanitizers intercept.
inline void copy_bytes(void* to, const void* from, std::size_t bytes) noexcept {
#if defined(__x86_64__)
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
#else
  volatile unsigned char* out = static_cast<unsigned char*>(to);
  const unsigned char* in = static_cast<const unsigned char*>(from);
  while (bytes-- != 0) *out++ = *in++;
#endif
}

template <std::size_t Capacity>
class fixed_text {
 public:
  fixed_text& add(char c) noexcept {
    if (size_ + 1 < Capacity) {
      text_[size_++] = c;
      text_[size_] = '\0';
    } else if (Capacity > 4) {
      text_[Capacity - 2] = text_[Capacity - 3] = text_[Capacity - 4] = '.';
    }
    return *this;
  }
  fixed_text& add(const char* text) noexcept {
    if (text == nullptr) return add("(null)");
    while (*text != '\0') add(*text++);
    return *this;
  }
  fixed_text& add(const char* text, std::size_t length) noexcept {
    for (std::size_t i = 0; i < length && text[i] != '\0'; ++i) add(text[i]);
    return *this;
  }
  fixed_text& add_number(std::uint64_t value) noexcept {
    char digits[20];
    int count = 0;
    do digits[count++] = static_cast<char>('0' + value % 10);
    while ((value /= 10) != 0);
    while (count != 0) add(digits[--count]);
    return *this;
  }
  fixed_text& add_signed(std::int64_t value) noexcept {
    if (value >= 0) return add_number(static_cast<std::uint64_t>(value));
    add('-');
    return add_number(~static_cast<std::uint64_t>(value) + 1);
  }
  fixed_text& add_hex(std::uint64_t value) noexcept {
    add('0').add('x');
    int shift = 60;
    while (shift > 0 && (value >> shift) == 0) shift -= 4;
    for (; shift >= 0; shift -= 4) add("0123456789abcdef"[(value >> shift) & 15]);
    return *this;
  }
  void clear() noexcept {
    size_ = 0;
    text_[0] = '\0';
  }
  [[nodiscard]] const char* c_str() const noexcept { return text_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

 private:
  std::uint32_t size_;
  char text_[Capacity];
};

}  // namespace ravel
