// SPDX-License-Identifier: MIT
// x86-64's part of ../processor.hpp, which says what each function is for.
#pragma once

namespace ravel::checks::detail {

inline long system_call(long number, long a = 0, long b = 0, long c = 0, long d = 0) noexcept {
  long result = number;
  register long fourth asm("r10") = d;
  asm volatile("syscall" : "+a"(result) : "D"(a), "S"(b), "d"(c), "r"(fourth) : "rcx", "r11", "memory");
  return result;
}

inline void relax() noexcept { __builtin_ia32_pause(); }

}  // namespace ravel::checks::detail
