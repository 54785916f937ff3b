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

// An alternate signal stack for the calling thread, so that a stack overflow can be reported; kept until
// the process ends. Nothing if the thread has one.
void give_alternate_stack() noexcept;

// Records the exception being handled in a catch block, of a thread or of the body.
void record_current_exception() noexcept;

// Keeps the text of a usage_error for the parent, which throws it again; the run ends. The first one counts.
void note_usage_error(const char* text) noexcept;

// Ends the process by the raw system call: a sanitizer's own _exit may sleep, check or change the status.
[[noreturn]] void end_process(int status) noexcept;

// The name of a signal: "SIGSEGV (invalid memory access)".
[[nodiscard]] const char* name_of_signal(int signal) noexcept;

}  // namespace ravel::detail
