// SPDX-License-Identifier: MIT
// AArch64's part of ../processor.hpp, which says what each function is for.
#pragma once

#include <cstdint>

namespace ravel::checks::detail {

inline long system_call(long number, long a = 0, long b = 0, long c = 0, long d = 0) noexcept {
  register long call asm("x8") = number;
  register long first asm("x0") = a;
  register long second asm("x1") = b;
  register long third asm("x2") = c;
  register long fourth asm("x3") = d;
  asm volatile("svc #0" : "+r"(first) : "r"(call), "r"(second), "r"(third), "r"(fourth) : "cc", "memory");
  return first;
}

inline void relax() noexcept { asm volatile("isb" : : : "memory"); }

inline bool has_steady_counter() noexcept { return true; }
inline std::uint64_t counter_before() noexcept {
  std::uint64_t now;
  asm volatile("mrs %0, cntvct_el0\n\tisb" : "=r"(now) : : "memory");
  return now;
}
inline std::uint64_t counter_after() noexcept {
  std::uint64_t now;
  asm volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(now) : : "memory");
  return now;
}

}  // namespace ravel::checks::detail
