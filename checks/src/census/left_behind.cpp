// SPDX-License-Identifier: MIT
// Groups of things left behind; see left_behind.hpp. A pool that fills up over some rounds rises, too, but
// stops: rises that ended in the first half of the batch are a plateau.
#include "left_behind.hpp"

namespace ravel::checks::detail {

void left_behind::start_count() noexcept {
  for (left_group& group : groups) group.current = 0;
}

left_group* left_behind::add(finding_kind kind, std::uint64_t hash, const char* name) noexcept {
  hash |= 1;
  for (std::uint32_t probe = 0; probe < capacity; ++probe) {
    left_group& group = groups[(hash / 2 + probe) % capacity];
    if (group.hash == 0) {
      group.hash = hash;
      group.kind = kind;
      group.name.add(name);
    }
    if (group.hash != hash) continue;
    ++group.current;
    return &group;
  }
  ++uncounted;
  return nullptr;
}

void left_behind::take_as_start() noexcept {
  for (left_group& group : groups) {
    group.at_start = group.current;
    group.most = group.rises = group.last_rise = 0;
  }
}

void left_behind::settle(std::uint64_t rounds_of_batch) noexcept {
  for (left_group& group : groups) {
    if (group.hash == 0 || group.record == nullptr) continue;
    const bool is_plateau = group.last_rise * 2 <= rounds_of_batch;
    if (!is_plateau && group.rises >= 2) group.record->is_informative = false;
    if (is_plateau && group.at_start + group.most >= group.current && rounds_of_batch >= 8)
      group.record->is_informative = true;
  }
}

void add_without_numbers(fixed_text<128>& out, const char* text) noexcept {
  bool is_in_number = false;
  for (; *text != '\0'; ++text) {
    const bool is_digit = *text >= '0' && *text <= '9';
    if (!is_digit) out.add(*text);
    if (is_digit && !is_in_number) out.add('#');
    is_in_number = is_digit;
  }
}

}  // namespace ravel::checks::detail
