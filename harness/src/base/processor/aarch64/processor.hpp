// SPDX-License-Identifier: MIT
// AArch64's part of ../processor.hpp, which says what each function is for.
// Run under emulation only so far.
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <cstdint>

namespace ravel::detail {

[[nodiscard]] inline std::uintptr_t thread_pointer() noexcept {
  std::uintptr_t pointer;
  asm("mrs %0, tpidr_el0" : "=r"(pointer));
  return pointer;
}

inline long system_call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) noexcept {
  register long call asm("x8") = number;
  register long first asm("x0") = a;
  register long second asm("x1") = b;
  register long third asm("x2") = c;
  register long fourth asm("x3") = d;
  register long fifth asm("x4") = e;
  register long sixth asm("x5") = f;
  asm volatile("svc #0"
               : "+r"(first)
               : "r"(call), "r"(second), "r"(third), "r"(fourth), "r"(fifth), "r"(sixth)
               : "cc", "memory");
  return first;
}

// The counter runs at 20 MHz to 1 GHz.
[[nodiscard]] inline std::uint64_t ticks() noexcept {
  std::uint64_t value, frequency;
  asm volatile("mrs %0, cntvct_el0" : "=r"(value));
  asm("mrs %0, cntfrq_el0" : "=r"(frequency));
  constexpr std::uint64_t nanoseconds = 1'000'000'000;
  return frequency == 0 || frequency >= nanoseconds ? value : value * (nanoseconds / frequency);
}
// "yield" does nothing on most cores; this waits for the pipeline to run dry.
inline void relax() noexcept { asm volatile("isb" : : : "memory"); }

struct machine_place {
  std::uintptr_t pc, frame, sp;
};
// A function that calls nothing has no frame of its own, so its caller is missing from a walk that begins in it;
// unwinding by tables shows it.
[[nodiscard]] inline machine_place interrupted(const void* ucontext) noexcept {
  const auto& machine = static_cast<const ucontext_t*>(ucontext)->uc_mcontext;
  return {static_cast<std::uintptr_t>(machine.pc), static_cast<std::uintptr_t>(machine.regs[29]),
          static_cast<std::uintptr_t>(machine.sp)};
}

// Code built with -mbranch-protection signs them. xpaclri, which older processors take for a no-operation.
[[nodiscard]] inline std::uintptr_t plain_address(std::uintptr_t return_address) noexcept {
  register std::uintptr_t link asm("x30") = return_address;
  asm("hint #7" : "+r"(link));
  return link;
}

// The kernel's own, which unwinders know.
inline constexpr unsigned long restorer_flag = 0;
[[nodiscard]] inline auto signal_restorer() noexcept -> void (*)() { return nullptr; }

inline void fill_words(void* to, int value, std::size_t bytes) noexcept {
  const std::uint64_t word = static_cast<unsigned char>(value) * std::uint64_t{0x0101'0101'0101'0101};
  for (; bytes >= 16; bytes -= 16) asm volatile("stp %1, %1, [%0], #16" : "+r"(to) : "r"(word) : "memory");
  for (; bytes != 0; --bytes) asm volatile("strb %w1, [%0], #1" : "+r"(to) : "r"(value) : "memory");
}
// Upwards: the target may overlap the source from below.
inline void copy_words(void* to, const void* from, std::size_t bytes) noexcept {
  std::uint64_t first, second;
  for (; bytes >= 16; bytes -= 16)
    asm volatile("ldp %2, %3, [%1], #16\n\tstp %2, %3, [%0], #16"
                 : "+r"(to), "+r"(from), "=&r"(first), "=&r"(second)
                 :
                 : "memory");
  for (; bytes != 0; --bytes)
    asm volatile("ldrb %w2, [%1], #1\n\tstrb %w2, [%0], #1" : "+r"(to), "+r"(from), "=&r"(first) : : "memory");
}

// True when *at was *expected, and is desired now; else *expected is what is there. Both ways it writes, because only a
// successful write says that the two words were read in one step.
inline bool exchange_if_equal(volatile unsigned __int128* at, unsigned __int128* expected,
                              unsigned __int128 desired) noexcept {
  const auto wanted_low = static_cast<std::uint64_t>(*expected);
  const auto wanted_high = static_cast<std::uint64_t>(*expected >> 64);
  std::uint64_t low, high, new_low, new_high;
  std::uint32_t has_failed;
  asm volatile(R"(
1:  ldaxp %[low], %[high], %[at]
    cmp %[low], %[wanted_low]
    ccmp %[high], %[wanted_high], #0, eq
    csel %[new_low], %[desired_low], %[low], eq
    csel %[new_high], %[desired_high], %[high], eq
    stlxp %w[has_failed], %[new_low], %[new_high], %[at]
    cbnz %w[has_failed], 1b
)"
               : [low] "=&r"(low), [high] "=&r"(high), [new_low] "=&r"(new_low), [new_high] "=&r"(new_high),
                 [has_failed] "=&r"(has_failed), [at] "+Q"(*at)
               : [wanted_low] "r"(wanted_low), [wanted_high] "r"(wanted_high),
                 [desired_low] "r"(static_cast<std::uint64_t>(desired)),
                 [desired_high] "r"(static_cast<std::uint64_t>(desired >> 64))
               : "cc", "memory");
  *expected = static_cast<unsigned __int128>(high) << 64 | low;
  return low == wanted_low && high == wanted_high;
}

}  // namespace ravel::detail
