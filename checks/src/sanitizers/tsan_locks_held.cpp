// SPDX-License-Identifier: MIT
// See tsan_locks_held.hpp.
#include "tsan_locks_held.hpp"

#include "raw_text.hpp"

namespace ravel::checks::sanitizers {

namespace {

char text[16 << 10];
std::size_t text_size = 0;
std::uint64_t read_up_to = 0;

bool starts_with(const char* at, const char* end, const char* word) noexcept {
  for (; *word != '\0'; ++word, ++at)
    if (at == end || *at != *word) return false;
  return true;
}

const char* find(const char* at, const char* end, const char* word) noexcept {
  for (; at < end; ++at)
    if (starts_with(at, end, word)) return at;
  return end;
}

}  // namespace

void read_locks_held() noexcept {
  const raw_text* raw = current_raw_text();
  text_size = 0;
  if (raw == nullptr) return;
  const std::uint64_t end = raw->size();
  if (read_up_to > end) read_up_to = end;  // another run has begun
  // A longer report keeps its accesses, which come first.
  text_size = raw->copy(read_up_to, text, end - read_up_to < sizeof text ? end - read_up_to : sizeof text);
  read_up_to = end;
}

text_range locks_held_in(const char* begin, std::size_t size, int access) noexcept {
  const char* const end = begin + size;
  // Text of other kinds may stand before the report.
  const char* at = find(begin, end, "WARNING: ThreadSanitizer: ");
  for (int seen = -1; at < end;) {
    const char* const line_end = find(at, end, "\n");
    const bool is_access = find(at, line_end, " of size ") < line_end && find(at, line_end, " by ") < line_end;
    if (is_access && ++seen == access) {
      const char* held = find(at, line_end, "(mutexes: ");
      if (held == line_end) return {};
      held += 10;
      return {held, static_cast<std::size_t>(find(held, line_end, ")") - held)};
    }
    at = line_end < end ? line_end + 1 : end;
  }
  return {};
}

text_range locks_held(int access) noexcept { return locks_held_in(text, text_size, access); }

}  // namespace ravel::checks::sanitizers
