// SPDX-License-Identifier: MIT
// The end of a process by the raw system call: a sanitizer's own _exit may sleep, check or change the status.
// Async-signal-safe; any thread.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

namespace ravel::detail {

[[noreturn]] inline void end_process(int status) noexcept {
  for (;;) syscall(SYS_exit_group, status);
}

}  // namespace ravel::detail
