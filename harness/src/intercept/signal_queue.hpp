// SPDX-License-Identifier: MIT
// Signals that were sent and not yet taken, in the order in which they were: of each of the old ones at most one for a
// thread or the process, of the real-time ones all. Thread safety: the thread in control. Cost: a walk over those that
// are pending, and for the sender its own stack.
#pragma once

#include "signal_model.hpp"

#include <ravel/raw_stack.hpp>
#include <ravel/thread_record.hpp>

#include <cstdint>

namespace ravel::detail {

inline constexpr std::uint32_t to_process = ~0u;

struct sent_signal {
  siginfo_t info;
  std::uint32_t to;  // index of a thread, or to_process
  bool is_used;
  const thread_record* from;
  raw_stack sent_at;
};

void forget_sent() noexcept;
// pending: of the thread, or the process.
void keep_sent(std::uint32_t to, signal_bits& pending, const siginfo_t& info) noexcept;
// One of these: the lowest signal first, and of each the oldest. nullptr: there is none. Valid until the next is sent.
[[nodiscard]] const sent_signal* take_sent(std::uint32_t to, signal_bits& pending, signal_bits of) noexcept;

// A finding: the calling thread has got a signal that ends the process.
void tell_fatal(const sent_signal& sent) noexcept;

}  // namespace ravel::detail
