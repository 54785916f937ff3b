// SPDX-License-Identifier: MIT
// See printable.hpp.
#include "printable.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>

namespace ravel::detail {

namespace {

// How many bytes the UTF-8 sequence at the start has (RFC 3629, 2003); 0: it is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const bool is_overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool is_beyond = (first == 0xed && byte(1) > 0x9f) || (first == 0xf4 && byte(1) > 0x8f);
  const bool is_control = first == 0xc2 && byte(1) < 0xa0;  // C1
  return is_overlong || is_beyond || is_control ? 0 : length;
}

void add_escaped(std::string& to, unsigned char byte) {
  char text[8];
  switch (byte) {
    case '\n': to += "\\n"; return;
    case '\t': to += "\\t"; return;
    case '\r': to += "\\r"; return;
    default: break;
  }
  std::snprintf(text, sizeof text, "\\x%02x", byte);
  to += text;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text[0]);
    std::size_t length = sequence_length(text);
    if (length == 0 || first < 0x20 || first == 0x7f) {
      add_escaped(result, first);
      length = 1;
    } else {
      result.append(text, 0, length);
    }
    text.remove_prefix(length);
  }
  return result;
}

}  // namespace ravel::detail
