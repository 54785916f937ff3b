// SPDX-License-Identifier: MIT
// x86-64's part of ../processor.hpp, which says what each function is for.
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <cstdint>

namespace ravel::detail {

[[nodiscard]] inline std::uintptr_t thread_pointer() noexcept {
  std::uintptr_t pointer;
  asm("movq %%fs:0, %0" : "=r"(pointer));
  return pointer;
}

inline long system_call(long number, long a = 0, long b = 0, long c = 0, long d = 0) noexcept {
  long result;
  register long fourth asm("r10") = d;
  asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth) : "rcx", "r11", "memory");
  return result;
}
inline long system_call(long number, long a, long b, long c, long d, long e, long f = 0) noexcept {
  long result;
  register long fourth asm("r10") = d;
  register long fifth asm("r8") = e;
  register long sixth asm("r9") = f;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
               : "rcx", "r11", "memory");
  return result;
}

[[nodiscard]] inline std::uint64_t ticks() noexcept { return __builtin_ia32_rdtsc(); }
inline void relax() noexcept { __builtin_ia32_pause(); }

struct machine_place {
  std::uintptr_t pc, frame, sp;
};
[[nodiscard]] inline machine_place interrupted(const void* ucontext) noexcept {
  const auto& registers = static_cast<const ucontext_t*>(ucontext)->uc_mcontext.gregs;
  return {static_cast<std::uintptr_t>(registers[REG_RIP]), static_cast<std::uintptr_t>(registers[REG_RBP]),
          static_cast<std::uintptr_t>(registers[REG_RSP])};
}

[[nodiscard]] inline std::uintptr_t plain_address(std::uintptr_t return_address) noexcept { return return_address; }

inline constexpr unsigned long restorer_flag = 0x04000000;  // SA_RESTORER, which the kernel insists on
extern "C" void ravel_signal_return();
[[nodiscard]] inline auto signal_restorer() noexcept -> void (*)() { return ravel_signal_return; }

inline void fill_words(void* to, int value, std::size_t bytes) noexcept {
  asm volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(value) : "memory");
}
inline void copy_words(void* to, const void* from, std::size_t bytes) noexcept {
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

// True when *at was *expected, and is desired now; else *expected is what is there.
inline bool exchange_if_equal(volatile unsigned __int128* at, unsigned __int128* expected,
                              unsigned __int128 desired) noexcept {
  bool is_done;
  auto low = static_cast<std::uint64_t>(*expected), high = static_cast<std::uint64_t>(*expected >> 64);
  asm volatile("lock cmpxchg16b %1"
               : "=@ccz"(is_done), "+m"(*at), "+a"(low), "+d"(high)
               : "b"(static_cast<std::uint64_t>(desired)), "c"(static_cast<std::uint64_t>(desired >> 64))
               : "memory");
  *expected = static_cast<unsigned __int128>(high) << 64 | low;
  return is_done;
}

}  // namespace ravel::detail
