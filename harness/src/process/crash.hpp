// SPDX-License-Identifier: MIT
// How a batch's process dies: signals, terminate and exit become findings before the process ends; and
// how a thread answers the watchdog's question "where are you?".
// Handlers are set by the raw system call: under TSan a handler set by sigaction does not run in a program
// that is deadlocked on mutexes. Everything in them is async-signal-safe until the finding is published.
#pragma once

#include <cstdint>

namespace ravel::detail {

inline constexpr int snapshot_signal = 62;  // real-time; glibc, Valgrind and the sanitizers leave it alone

// In the child, before any thread: handlers for fatal signals, terminate, exit and the watchdog.
void watch_own_death() noexcept;
// The batch ended as it should: exit handlers say nothing from here on.
void stop_watching_own_death() noexcept;

// The name of a signal: "SIGSEGV (invalid memory access)".
[[nodiscard]] const char* name_of_signal(int signal) noexcept;

}  // namespace ravel::detail
