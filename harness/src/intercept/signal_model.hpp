// SPDX-License-Identifier: MIT
// Signals that threads under control send each other, and the timers' ones. Each thread has its mask and what is
// pending for it, as in the kernel, but a handler is run by the thread itself, as an ordinary call on its own stack: at
// the point where it next gets control, or at once by who sends itself a signal or unblocks one. A signal to the
// process is for any thread that does not block it; which one, the strategy says. What ends the process is really sent.
// A signal from outside of the execution (a child's end, a closed pipe, kill(1)) is the kernel's, and runs in whoever
// has control. Thread safety: the thread in control. Cost: nothing until a first call; then some 100 ns a signal.
// Source: POSIX.1-2017, 2.4 "Signal Concepts"; signal(7) for which calls are restarted.
#pragma once

#include "engine/execution.hpp"

#include <signal.h>

#include <cstdint>

namespace ravel::detail {

// Bit n - 1 stands for signal n, as the kernel has it.
using signal_bits = std::uint64_t;
[[nodiscard]] constexpr signal_bits signal_bit(int signal) noexcept { return signal_bits{1} << (signal - 1); }
[[nodiscard]] signal_bits bits_of(const sigset_t& set) noexcept;
[[nodiscard]] sigset_t set_of(signal_bits bits) noexcept;
[[nodiscard]] inline bool is_signal(int signal) noexcept { return signal >= 1 && signal <= 64; }

// What a sender tells; code: SI_USER, SI_TKILL, SI_QUEUE, SI_TIMER.
[[nodiscard]] siginfo_t info_of(int signal, int code, const sigval* value = nullptr) noexcept;

// self sends it to a thread, itself too; or to the process: nullptr. No point.
void send_signal(controlled_thread& self, controlled_thread* to, const siginfo_t& info) noexcept;
// One of these that is pending for self or the process is no longer so. 0: there is none.
[[nodiscard]] int take_signal(controlled_thread& self, signal_bits of, siginfo_t* info) noexcept;
[[nodiscard]] signal_bits pending_signals(controlled_thread& self) noexcept;
// Also of those that really are: from outside.
[[nodiscard]] signal_bits really_pending() noexcept;

// The kernel has called a handler for a fault of self's, whose mask was that, and with what the handler is left by: an
// address in its frame tells whether it still runs.
void enter_fault_handler(controlled_thread& self, void* frame, signal_bits before) noexcept;
void leave_fault_handler(controlled_thread& self, signal_bits after) noexcept;

// Runs the handlers that are due to self. Whether any ran.
bool run_due_handlers(controlled_thread& self) noexcept;

[[nodiscard]] signal_bits mask_of(controlled_thread& self) noexcept;
// Runs what is pending and no longer blocked. is_real: the kernel's mask of this kernel thread follows.
void set_mask(controlled_thread& self, signal_bits mask, bool is_real) noexcept;

// The thread of the execution with this handle, also one that has ended, or this kernel id; nullptr: none.
[[nodiscard]] controlled_thread* thread_of(std::uintptr_t handle) noexcept;
[[nodiscard]] controlled_thread* thread_of_id(std::int32_t kernel_id) noexcept;

// What is pending for self or the process, and read from a descriptor: the kernel has it from now on.
void show_signals_to_descriptors(controlled_thread& self) noexcept;

}  // namespace ravel::detail
