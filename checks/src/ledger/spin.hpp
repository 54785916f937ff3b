// SPDX-License-Identifier: MIT
// Waiting for a spin bit of the ledger. Raw atomics in uninstrumented code: no race detector sees an edge.
// After a few hundred turns the thread gives its time slice away, by a system call made directly: the named
// function may be intercepted.
#pragma once

#include "processor/processor.hpp"

#include <sys/syscall.h>

#include <cstdint>

namespace ravel::checks::detail {

inline void give_way(std::uint32_t turn) noexcept {
  if (turn % 256 == 255)
    system_call(SYS_sched_yield);
  else
    relax();
}

}  // namespace ravel::checks::detail
