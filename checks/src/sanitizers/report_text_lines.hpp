// SPDX-License-Identifier: MIT
// Reading a sanitizer's text line by line without allocating: ASan and LSan give out most of what they know only
// as text. Thread safety: none needed. Cost: O(bytes).
#pragma once

#include <cstddef>
#include <cstdint>

namespace ravel::checks::sanitizers {

struct text_line {
  const char* begin = nullptr;
  const char* end = nullptr;

  [[nodiscard]] bool starts_with(const char* word) const noexcept { return find_at(begin, word); }
  [[nodiscard]] bool has(const char* word) const noexcept { return after(word) != nullptr; }
  // Right behind the first occurrence of word, or nullptr.
  [[nodiscard]] const char* after(const char* word) const noexcept {
    for (const char* at = begin; at < end; ++at)
      if (find_at(at, word)) {
        while (*word++ != '\0') ++at;
        return at;
      }
    return nullptr;
  }
  [[nodiscard]] bool is_empty() const noexcept { return begin == end; }

 private:
  [[nodiscard]] bool find_at(const char* at, const char* word) const noexcept {
    for (; *word != '\0'; ++word, ++at)
      if (at == end || *at != *word) return false;
    return true;
  }
};

// Takes the next line off [at, end); false at the end.
inline bool next_line(const char*& at, const char* end, text_line& line) noexcept {
  if (at >= end || *at == '\0') return false;
  line.begin = at;
  while (at < end && *at != '\n' && *at != '\0') ++at;
  line.end = at;
  if (at < end && *at == '\n') ++at;
  return true;
}

inline std::uint64_t number_at(const char* at, const char* end) noexcept {
  std::uint64_t value = 0;
  for (; at != nullptr && at < end && *at >= '0' && *at <= '9'; ++at)
    value = value * 10 + static_cast<unsigned>(*at - '0');
  return value;
}

// "    #3 0x55d0c0ffee in f file.cpp:7" -> the return address; 0 for any other line. The address printed is that
// of the call, one below the return address.
inline std::uintptr_t frame_address(const text_line& line) noexcept {
  const char* at = line.begin;
  while (at < line.end && *at == ' ') ++at;
  if (at == line.begin || at == line.end || *at != '#') return 0;
  ++at;
  while (at < line.end && *at >= '0' && *at <= '9') ++at;
  if (line.end - at < 4 || at[0] != ' ' || at[1] != '0' || at[2] != 'x') return 0;
  std::uintptr_t value = 0;
  for (at += 3; at < line.end; ++at) {
    if (*at >= '0' && *at <= '9')
      value = value * 16 + static_cast<unsigned>(*at - '0');
    else if (*at >= 'a' && *at <= 'f')
      value = value * 16 + static_cast<unsigned>(*at - 'a' + 10);
    else
      break;
  }
  return value == 0 ? 0 : value + 1;
}

}  // namespace ravel::checks::sanitizers
