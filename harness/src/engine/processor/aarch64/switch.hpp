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

}  // namespace ravel::detail
