// SPDX-License-Identifier: MIT
// Signal actions by the raw system call, past every interception: what a target or a sanitizer has to say about
// sigaction does not concern Ravel's own handlers. Async-signal-safe; any thread.
#pragma once

#include "base/own_handlers.hpp"
#include "base/processor/processor.hpp"

#include <signal.h>
#include <sys/syscall.h>

#include <cstdint>

namespace ravel::detail {

// The kernel's own layout of a signal action, which differs from libc's.
struct kernel_action {
  void (*handler)(int, siginfo_t*, void*);
  unsigned long flags;
  void (*restorer)();
  std::uint64_t mask;
};

[[nodiscard]] inline kernel_action raw_action(int signal) noexcept {
  kernel_action now{};
  system_call(SYS_rt_sigaction, signal, 0L, reinterpret_cast<long>(&now), 8);
  return now;
}
inline void set_raw_action(int signal, const kernel_action& action) noexcept {
  system_call(SYS_rt_sigaction, signal, reinterpret_cast<long>(&action), 0L, 8);
}
inline void set_raw_handler(int signal, void (*handler)(int, siginfo_t*, void*), unsigned long flags) noexcept {
  note_own_handler(reinterpret_cast<void*>(handler));
  kernel_action action{};
  action.handler = handler;
  action.flags = flags | SA_SIGINFO | SA_ONSTACK | restorer_flag;
  action.restorer = signal_restorer();
  set_raw_action(signal, action);
}

}  // namespace ravel::detail
