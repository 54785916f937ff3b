// SPDX-License-Identifier: MIT
// AArch64: saved are x19-x30, d8-d15, FPCR, FPSR, the stack pointer and TPIDR_EL0. Not SVE's registers: a call may
// change what of them is not d8-d15. Not x18, so that code built with -fsanitize=shadow-call-stack needs the kernel
// engine. Run under emulation only so far.
#pragma once

#include <cstdint>

namespace ravel::detail {

extern "C" void ravel_switch(void** save, void* load, std::uintptr_t thread_pointer);

inline void switch_context(void** save, void* load, std::uintptr_t pointer) noexcept {
  ravel_switch(save, load, pointer);
}

// Whose thread-local memory the calling kernel thread sees from now on.
inline void set_thread_pointer(std::uintptr_t pointer) noexcept {
  asm volatile("msr tpidr_el0, %0" : : "r"(pointer) : "memory");
}

}  // namespace ravel::detail
