// SPDX-License-Identifier: MIT
// Strategy "pct": threads have random distinct priorities, and the highest that can go on does. At d-1 random points of
// the k that an execution has, the running thread's priority becomes the low value that belongs to that change point:
// the i-th gives i, below all initial ones. Finds a bug of depth d with probability at least 1/(n k^(d-1)). d is drawn
// from 1 to 5 for each execution; k is the most that an execution of the block had from which it learns (block.hpp).
// Differs: the first execution of a block is a random walk, to learn k; a thread that spins or yields is put below the
// others until its next turn, else it would run for ever. A wait with a time limit is a thread of its own, whose one
// step is the limit's end. Cost: one look at all ready threads when a thread blocks,
// ends, becomes ready or changes priority; nothing between. Source: Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS
// 2010.
#pragma once

#include "engine/strategy.hpp"
#include "first_walk.hpp"

namespace ravel::detail {

class pct_strategy final : public strategy {
 public:
  static constexpr std::uint32_t deepest = 5;

  // depth: of every execution; 0: drawn.
  explicit pct_strategy(std::uint32_t depth = 0) noexcept : depth_(depth) {}

  [[nodiscard]] const char* name() const noexcept override { return "pct"; }
  [[nodiscard]] std::uint64_t first_needed(std::uint64_t trial) const noexcept override;
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override;
  void thread_created(controlled_thread& parent, controlled_thread& child) noexcept override;
  [[nodiscard]] decision choose(const choice& at) noexcept override;
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override;
  void ended(ending how, std::uint64_t points) noexcept override;
  [[nodiscard]] std::string coverage(bool is_clean, const std::string& hold_up) const override;

 private:
  [[nodiscard]] std::uint64_t initial_priority() noexcept;

  std::uint32_t depth_;
  std::uint64_t random_[2];
  first_walk walk_;
  std::uint64_t points_expected_ = 0;  // k
  std::uint64_t lowest_ = 0;           // of those that were put below all others
  std::uint64_t change_at_[deepest];   // steps, ascending
  std::uint32_t changes_ = 0;          // d - 1
  std::uint32_t changes_made_ = 0;
  std::uint32_t threads_ = 0;
  bool has_timed_waits_ = false;
  bool walks_ = true;   // the first trial of its block
  bool learns_ = true;  // and those in its own seat

  // For the coverage: executions of each depth that had no more points than expected; the most threads and points.
  std::uint64_t executions_[deepest] = {};
  std::uint64_t most_threads_ = 1, most_points_ = 1;
};

}  // namespace ravel::detail
