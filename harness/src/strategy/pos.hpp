// SPDX-License-Identifier: MIT
// Strategy "pos", partial order sampling: every pending event has a random priority, and the highest runs. After it,
// the pending events that it races with (same object, not both only read it) get new priorities, and so does the
// thread's next event. A thread that was blocked gets a new one when it can go on. Differs: a thread that spins or
// yields is left out once, and then, or at one of eight yields, all draw anew. Cost: a pass over all ready threads at
// every point. Source: Yuan, Yang, Gu, CAV 2018.
#pragma once

#include "engine/strategy.hpp"

namespace ravel::detail {

class pos_strategy final : public strategy {
 public:
  pos_strategy() noexcept {}  // start() comes first

  [[nodiscard]] const char* name() const noexcept override { return "pos"; }
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override;
  void thread_created(controlled_thread& parent, controlled_thread& child) noexcept override;
  [[nodiscard]] decision choose(const choice& at) noexcept override;
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override;

 private:
  std::uint64_t random_[2];
};

}  // namespace ravel::detail
