// SPDX-License-Identifier: MIT
// Contexts of real pthreads on another kernel thread: stack, callee-saved registers, floating-point control words and
// the thread pointer, so that thread-local memory and pthread_self stay the thread's own. Not thread safe: only the
// thread in control switches. Cost of a switch: see the processor's folder.
#pragma once

#include "engine/processor/switch.hpp"

#include <cstdint>

namespace ravel::detail {

// Whether this process can: not under Valgrind.
[[nodiscard]] bool can_switch_contexts() noexcept;

// Keeps the caller's context in *save and goes on with another one. Returns when somebody switches back.
inline void switch_context(void** save, void* load, std::uintptr_t thread_pointer) noexcept;

// A context that will call start(argument) on this stack; start must not return.
[[nodiscard]] void* make_context(void* stack_top, void (*start)(void*), void* argument) noexcept;

// Runs call(argument) on another stack of this kernel thread, and comes back.
void call_on_stack(void* stack_top, void (*call)(void*), void* argument) noexcept;

}  // namespace ravel::detail
