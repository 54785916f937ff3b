// SPDX-License-Identifier: MIT
// Stacks for signal handlers: sigaltstack is the thread's, while the kernel knows one for each of its own threads.
// Thread safety: the thread in control.
#pragma once

#include "engine/controlled_thread.hpp"

namespace ravel::detail {

// Whether the address is on the stack that the thread has given for its handlers.
[[nodiscard]] bool is_on_own_signal_stack(const controlled_thread& thread, const void* address) noexcept;
// It has got control: faults are handled on its stack, or on Ravel's own.
void apply_signal_stack(const controlled_thread& self) noexcept;

}  // namespace ravel::detail
