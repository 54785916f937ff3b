// SPDX-License-Identifier: MIT
// Waiting for a descriptor under control: asked without waiting whether it is ready, again whenever somebody under
// control wrote or closed something, and when nothing else can run, whenever a moment has really passed.
// Thread safety: the thread in control. Cost: a system call for each look.
#pragma once

#include "control.hpp"

#include <cstdint>

namespace ravel::detail {

// True when a call on it would not wait: it is ready for `wanted` (POLLIN, POLLOUT), has no blocking mode, or is none.
[[nodiscard]] bool is_ready(int descriptor, short wanted) noexcept;

enum class readiness : std::uint8_t { ready, late, interrupted };

// A point, then waits until the call would not wait; or time ran out first; or a handler ran that ends the call: errno
// is EINTR then.
readiness await_ready(controlled_thread& self, int descriptor, short wanted, std::uintptr_t pc,
                      std::uint64_t deadline = execution::for_ever) noexcept;

}  // namespace ravel::detail
