// SPDX-License-Identifier: MIT
// Start gate: lets n threads go at the same moment. The last to arrive asks who is on a core right now, waits
// for as many answers as there are cores, then names a moment on the clock shared by all cores.
// On a machine whose cores are taken that cannot be had: those who wait then block, and the last one lets all go
// without asking; from time to time it is tried again. Thread safety: arrive_and_wait by each of the n threads once;
// reset in between by one thread. Cost: threads spin for a quarter of a millisecond at most, and then block.
#pragma once

#include "base/processor/processor.hpp"

#include <atomic>
#include <cstdint>

namespace ravel::detail {

class start_gate {
 public:
  // cores: how many of the threads can be on a core at once. is_serial: an emulator runs one at a time.
  void reset(std::uint32_t threads, std::uint32_t cores, bool is_serial) noexcept;
  void arrive_and_wait() noexcept;

 private:
  void lead() noexcept;
  bool are_on_cores(std::uint32_t others) noexcept;
  void open(std::uint64_t at) noexcept;
  void spin_or_block() noexcept;

  std::uint32_t threads_ = 0;
  std::uint32_t cores_ = 1;
  bool asks_ = false;  // else nobody spins
  // Of who leads, for later rounds.
  std::uint32_t failures_ = 0;  // in a row
  std::uint32_t rounds_without_question_ = 0;
  alignas(64) std::atomic<std::uint32_t> arrived_{0};
  alignas(64) std::atomic<std::uint32_t> question_{0};
  alignas(64) std::atomic<std::uint32_t> answers_{0};
  std::atomic<std::uint32_t> blocked_{0};
  alignas(64) std::atomic<std::uint64_t> go_at_{0};  // 0: not yet
};

}  // namespace ravel::detail
