// SPDX-License-Identifier: MIT
// x86-64: saved are rbx, rbp, r12-r15, MXCSR, the x87 control word, the stack pointer and the FS base.
// Cost of a switch: about 10 ns with FSGSBASE, one system call without.
#pragma once

#include "base/processor/processor.hpp"

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

// Whose thread-local memory the calling kernel thread sees from now on.
inline void set_thread_pointer(std::uintptr_t pointer) noexcept {
  constexpr long arch_prctl_call = 158, set_fs = 0x1002;
  if (has_fsgsbase)
    asm volatile("wrfsbase %0" : : "r"(pointer) : "memory");
  else
    system_call(arch_prctl_call, set_fs, static_cast<long>(pointer));
}

}  // namespace ravel::detail
