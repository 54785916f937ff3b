// SPDX-License-Identifier: MIT
// See alternate_stack.hpp.
#include "alternate_stack.hpp"

#include <signal.h>
#include <sys/mman.h>

#include <cstddef>

namespace ravel::detail {

void give_alternate_stack() noexcept {
  stack_t present{};
  if (sigaltstack(nullptr, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0) return;
  constexpr std::size_t bytes = 256 << 10;
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return;
  stack_t own{};
  own.ss_sp = memory;
  own.ss_size = bytes;
  sigaltstack(&own, nullptr);
}

}  // namespace ravel::detail
