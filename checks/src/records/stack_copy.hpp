// SPDX-License-Identifier: MIT
// A sanitizer's stack as a raw_stack. Sanitizers repeat an address for each inlined function; Ravel's symboliser
// finds those itself. Thread safety: none needed. No call to libc. Cost: O(frames).
#pragma once

#include <ravel/finding.hpp>

#include <cstdint>

namespace ravel::checks::sanitizers {

inline void add_pc(raw_stack& stack, std::uintptr_t pc) noexcept {
  if (pc == 0 || stack.depth >= raw_stack::max_depth) return;
  if (stack.depth != 0 && stack.pc[stack.depth - 1] == pc) return;
  stack.pc[stack.depth++] = pc;
}

// from: ended by a null.
inline void copy_stack(raw_stack& to, void* const* from, std::uint32_t frames) noexcept {
  to.depth = 0;
  for (std::uint32_t i = 0; i < frames && from[i] != nullptr; ++i)
    add_pc(to, reinterpret_cast<std::uintptr_t>(from[i]));
}

}  // namespace ravel::checks::sanitizers
