// SPDX-License-Identifier: MIT
// Strategy "input": the schedule of a fuzz input. Its switches are named by thread, operation and access
// (ravel/fuzz_input.hpp); where it says nothing, the thread goes on, and when it cannot, the ready one that was created
// first does; who spins or yields hands on to the next in the order of creation, so that nobody is kept back for ever.
// A switch that has no place is left out. Depends on the input alone: the same bytes give the same schedule.
// Cost: it is asked only in operations that have a switch, and where a thread cannot go on.
#pragma once

#include "engine/strategy.hpp"

#include <ravel/fuzz_input.hpp>

#include <cstdint>
#include <span>

namespace ravel::detail {

// Where a thread was interrupted, and where the one stood that went on: return addresses in the target, 0: none known.
struct interruption_pair {
  std::uintptr_t at, by;
};

class input_strategy final : public strategy {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "fuzz"; }
  // Copied. Between executions.
  void follow(const fuzz_input& input) noexcept;
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override;
  void thread_created(controlled_thread& parent, controlled_thread& child) noexcept override;
  [[nodiscard]] bool operation_begins(controlled_thread& self) noexcept override;
  [[nodiscard]] decision choose(const choice& at) noexcept override;
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override;
  // Of the latest execution: its switches that came about.
  [[nodiscard]] std::span<const interruption_pair> interruptions() const noexcept {
    return {interruptions_, interrupted_};
  }

 private:
  [[nodiscard]] const input_switch* due(controlled_thread& self) noexcept;
  [[nodiscard]] bool has_more_here(const controlled_thread& self) const noexcept;

  input_switch switches_[fuzz_input::most_switches] = {};  // by thread, operation, access
  interruption_pair interruptions_[fuzz_input::most_switches] = {};
  std::uint32_t count_ = 0, interrupted_ = 0;
  std::uint8_t picks_ = 0;
  std::uint64_t picked_ = 0;
};

}  // namespace ravel::detail
