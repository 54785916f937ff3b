// SPDX-License-Identifier: MIT
// x86-64: saved are rbx, rbp, r12-r15, MXCSR, the x87 control word, the stack pointer and the FS base.
// Cost of a switch: about 10 ns with FSGSBASE, one system call without.
#pragma once

#include <cstdint>

namespace ravel::detail {

extern "C" {
void ravel_switch_fast(void** save, void* load, std::uintptr_t thread_pointer);
void ravel_switch_by_call(void** save, void* load, std::uintptr_t thread_pointer);
}

extern const bool has_fsgsbase;

inline void switch_context(void** save, void* load, std::uintptr_t pointer) noexcept {
  if (has_fsgsbase) [[likely]]
    ravel_switch_fast(save, load, pointer);
  else
    ravel_switch_by_call(save, load, pointer);
}

}  // namespace ravel::detail
