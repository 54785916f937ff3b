// SPDX-License-Identifier: MIT
// Handlers of the target for its own faults (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP), which the kernel calls where
// one happens. There may be points in them, and whoever goes on then has another mask.
#pragma once

#include <signal.h>

namespace ravel::detail {

// What the target has set, where the process has Ravel's own in its place.
void show_target_handler(int signal, struct sigaction& action) noexcept;

}  // namespace ravel::detail
