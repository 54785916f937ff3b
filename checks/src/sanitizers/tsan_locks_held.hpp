// SPDX-License-Identifier: MIT
// Which locks a racing thread held. TSan prints it and gives it out in no other way, so it is read from the text of
// the report in flight: "  Write of size 4 at 0x... by thread T1 (mutexes: write M0, read M1):".
// Thread safety: inside TSan's hook only. No allocation. Cost: one read of at most 16 KiB.
#pragma once

#include <ravel/fixed_text.hpp>

#include <cstddef>
#include <cstdint>

namespace ravel::checks::sanitizers {

// Reads what was printed since the last call.
void read_locks_held() noexcept;

// The n-th access's locks, "write M0, read M1"; nullptr when it held none, or when the text is not known.
struct text_range {
  const char* begin = nullptr;
  std::size_t size = 0;
};
[[nodiscard]] text_range locks_held(int access) noexcept;
// For tests: the same, in a given text.
[[nodiscard]] text_range locks_held_in(const char* text, std::size_t size, int access) noexcept;

// Appends ", holding M0 and M1 (for reading)" as TSan numbers them.
template <std::size_t Capacity>
void add_locks_held(fixed_text<Capacity>& to, int access) noexcept {
  const text_range held = locks_held(access);
  if (held.size == 0) return;
  to.add(", holding ");
  // "write M0" -> "M0"; "read M1" -> "M1 (for reading)"
  bool is_reading = false;
  for (std::size_t i = 0; i < held.size; ++i) {
    const char c = held.begin[i];
    if (c == 'r' && i + 1 < held.size && held.begin[i + 1] == 'e') is_reading = true;
    if (c == 'M' || (c >= '0' && c <= '9')) to.add(c);
    if (c == ',' || i + 1 == held.size) {
      if (is_reading) to.add(" (for reading)");
      if (c == ',') to.add(" and ");
      is_reading = false;
    }
  }
}

}  // namespace ravel::checks::sanitizers
