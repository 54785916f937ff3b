// SPDX-License-Identifier: MIT
// From an instrumented access to a point. Cost outside an execution: one load and a branch.
#pragma once

#include "engine/execution.hpp"
#include "intercept/alone.hpp"

namespace ravel::detail {

// Out of line: the accesses' own functions stay small, and those without a frame can end in a jump.
void access_point(controlled_thread& self, operation what, const void* address, std::uint32_t bytes,
                  std::uintptr_t pc) noexcept;

[[gnu::always_inline]] inline void access(operation what, const void* address, std::uint32_t bytes,
                                          std::uintptr_t pc) noexcept {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]] {
    if (what >= operation::atomic_load && what <= operation::atomic_update) note_atomic_alone();
    return;
  }
  if (--control.points_left > 0) [[likely]]
    return;
  access_point(*self, what, address, bytes, pc);
}

#define RAVEL_ACCESS_CALLER (reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)))

}  // namespace ravel::detail
