// SPDX-License-Identifier: MIT
// A fuzz input as structure: how many threads, the schedule, and the bytes from which a target makes its calls. Every
// string of bytes is one, the empty one too. A switch is named by a thread, its how manieth operation, and its how
// manieth access in it to what is not on its own stack; never by a count of points, which differs by compiler.
//   bytes: threads, picks, count of switches, the switches (5 bytes each), calls to the end
//   before them, if wanted: "RvF", version, hash of the target (4 bytes), so that a file of another target is told
// Thread safety: values. Cost: O(bytes). Errors: none; what has no meaning is left out.
#pragma once

#include <ravel/domains.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ravel {

using input_bytes = std::span<const std::uint8_t>;

// Another thread goes on there although this one could.
struct input_switch {
  std::uint8_t thread = 0;     // in the order in which they were created, 0: the first worker
  std::uint8_t operation = 0;  // 1: its first; 0: what it does before that
  std::uint16_t access = 0;    // 0: the first in that operation
  std::uint8_t to = 0;         // if it cannot go on, the next one after it that can

  bool operator==(const input_switch&) const = default;
};

struct fuzz_input {
  static constexpr std::size_t most_switches = 32;

  std::uint8_t threads = 0;  // any number: the target makes one of those that it allows of it
  std::uint8_t picks = 0;    // which of several waiters wakes, and the like; 0: always the first
  std::vector<input_switch> switches;
  std::vector<std::uint8_t> calls;

  bool operator==(const fuzz_input&) const = default;
};

void decode_input(input_bytes bytes, fuzz_input& into);  // whose memory is used again
[[nodiscard]] std::vector<std::uint8_t> encode_input(const fuzz_input& input);

enum class input_origin : std::uint8_t {
  bare,           // without a header
  same_target,    // its header is left out
  other_target,   // and here it is ordinary bytes, as in the next two
  other_version,  // of this format
  token           // text that RAVEL_REPLAY wants
};
struct headed_input {
  input_origin origin;
  input_bytes bytes;
};
[[nodiscard]] std::vector<std::uint8_t> with_header(input_bytes bytes, std::uint32_t target);
[[nodiscard]] headed_input without_header(input_bytes bytes, std::uint32_t target);

// Numbers, and what domains draw, from bytes; when these are used up, zeros, and after many of them other numbers.
class input_choices final : public choices {
 public:
  explicit input_choices(input_bytes bytes) noexcept : bytes_(bytes) {}
  [[nodiscard]] std::uint64_t below(std::uint64_t count) override;
  [[nodiscard]] bool is_used_up() const noexcept { return next_ == bytes_.size(); }
  [[nodiscard]] std::size_t used() const noexcept { return next_; }

 private:
  input_bytes bytes_;
  std::size_t next_ = 0, beyond_ = 0;
};

// Hands on numbers from elsewhere, and writes the bytes from which input_choices gives them again.
class recorded_choices final : public choices {
 public:
  recorded_choices(choices& from, std::vector<std::uint8_t>& into) noexcept : from_(from), into_(into) {}
  [[nodiscard]] std::uint64_t below(std::uint64_t count) override;

 private:
  choices& from_;
  std::vector<std::uint8_t>& into_;
};

}  // namespace ravel
