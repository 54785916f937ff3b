// SPDX-License-Identifier: MIT
// x86-64's part of ../processor.hpp, which says what each function is for.
#pragma once

#include <cstdint>

namespace ravel::checks::detail {

inline long system_call(long number, long a = 0, long b = 0, long c = 0, long d = 0) noexcept {
  long result = number;
  register long fourth asm("r10") = d;
  asm volatile("syscall" : "+a"(result) : "D"(a), "S"(b), "d"(c), "r"(fourth) : "rcx", "r11", "memory");
  return result;
}

inline void relax() noexcept { __builtin_ia32_pause(); }

// The time stamp counter: goes on at one speed in whatever state the core is.
inline bool has_steady_counter() noexcept {
  unsigned a = 0x80000000u, b = 0, c = 0, d = 0;
  asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  if (a < 0x80000007u) return false;
  a = 0x80000007u;
  c = 0;
  asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  return (d & 1u << 8) != 0;
}
inline std::uint64_t counter_before() noexcept {
  std::uint32_t low, high;
  asm volatile("rdtsc\n\tlfence" : "=a"(low), "=d"(high) : : "memory");
  return std::uint64_t{high} << 32 | low;
}
inline std::uint64_t counter_after() noexcept {
  std::uint32_t low, high;
  asm volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high) : : "memory");
  return std::uint64_t{high} << 32 | low;
}

}  // namespace ravel::checks::detail
