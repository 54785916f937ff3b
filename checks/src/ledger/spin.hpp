// SPDX-License-Identifier: MIT
// Waiting for a spin bit of the ledger. Raw atomics in uninstrumented code: no race detector sees an edge.
// After a few hundred turns the thread gives its time slice away, by a system call made directly: the named
// function may be intercepted.
#pragma once

#include <cstdint>

#if !defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace ravel::checks::detail {

inline void give_way(std::uint32_t turn) noexcept {
#if defined(__x86_64__)
  if (turn % 256 != 255) {
    __builtin_ia32_pause();
    return;
  }
  long result = 24;  // sched_yield
  asm volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
#else
  if (turn % 256 == 255) ::syscall(SYS_sched_yield);
#endif
}

}  // namespace ravel::checks::detail
