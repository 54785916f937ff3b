// SPDX-License-Identifier: MIT
// Contexts of real pthreads on another kernel thread: stack, callee-saved registers, floating-point control words and
// the FS base, so that thread-local memory and pthread_self stay the thread's own. x86-64 only; elsewhere
// can_switch_contexts() is false. Not thread safe: only the thread in control switches.
// Cost of a switch: about 10 ns with FSGSBASE, one system call without.
#pragma once

#include <cstdint>

namespace ravel::detail {

// Whether this machine and this process can: not under Valgrind, not on other architectures.
[[nodiscard]] bool can_switch_contexts() noexcept;

[[nodiscard]] inline std::uintptr_t thread_pointer() noexcept {
#if defined(__x86_64__)
  std::uintptr_t pointer;
  asm("movq %%fs:0, %0" : "=r"(pointer));
  return pointer;
#else
  return reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer());
#endif
}

// Keeps the caller's context in *save and goes on with another one. Returns when somebody switches back.
void switch_context(void** save, void* load, std::uintptr_t thread_pointer) noexcept;

// A context that will call start(argument) on this stack; start must not return.
[[nodiscard]] void* make_context(void* stack_top, void (*start)(void*), void* argument) noexcept;

// Runs call(argument) on another stack of this kernel thread, and comes back.
void call_on_stack(void* stack_top, void (*call)(void*), void* argument) noexcept;

}  // namespace ravel::detail
