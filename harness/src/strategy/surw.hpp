// SPDX-License-Identifier: MIT
// Strategy "surw", selectively uniform random walk: samples the interleavings of a chosen set of events uniformly, here
// all events on one object that at least two threads touch and one changes, drawn for each execution. A profile tells
// how many of them each thread will do, with the threads that it creates. One thread is intended, drawn with
// probability proportional to what it has left; a thread that comes to such an event and is not intended is held there.
// Other events make no switch. When nobody else can go on, or those who can only spin, the next is drawn among the
// held. Profiles are the first execution of the block, and the latest in the strategy's own seat (block.hpp). Differs:
// the chosen set is always one object; calls that only tell what has happened (unlock) are not in it. Cost: one
// comparison a point, a pass over all threads at an event of the set. Source: Zhao, Wolff, Mathur, Roychoudhury, ASPLOS
// 2025.
#pragma once

#include "engine/strategy.hpp"
#include "first_walk.hpp"
#include "profile.hpp"

namespace ravel::detail {

class surw_strategy final : public strategy {
 public:
  surw_strategy() noexcept {}  // NOLINT: lives in zeroed memory, and leaves its pages untouched

  [[nodiscard]] const char* name() const noexcept override { return "surw"; }
  [[nodiscard]] std::uint64_t first_needed(std::uint64_t trial) const noexcept override;
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override;
  void thread_created(controlled_thread& parent, controlled_thread& child) noexcept override;
  [[nodiscard]] decision choose(const choice& at) noexcept override;
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override;
  void ended(ending how, std::uint64_t points) noexcept override;

 private:
  static constexpr std::uint32_t most_threads = profile::most_threads;

  void choose_object() noexcept;
  [[nodiscard]] bool is_of_set(const controlled_thread& thread) noexcept;
  [[nodiscard]] bool is_held(const controlled_thread& thread) noexcept {
    return intended_ != nullptr && intended_ != &thread && is_of_set(thread);
  }
  void draw_intended() noexcept;
  void release_one(const choice& at) noexcept;
  void passes(controlled_thread& thread) noexcept;

  std::uint64_t random_[2];
  first_walk walk_;
  bool walks_;   // the first of its block
  bool learns_;  // from this execution
  bool notes_;   // makes a profile of it, or has to tell heap objects by one
  bool has_object_;
  std::uint32_t spins_;  // that threads were found in, in this execution
  object_place object_;
  const controlled_thread* owner_;  // on whose stack the object is; of this execution
  const void* on_heap_;             // the object where it is on the heap; null: not touched yet in this execution
  controlled_thread* intended_;     // null: nobody has any of the events left
  std::uint32_t thread_count_;
  controlled_thread* threads_[most_threads];  // of this execution
  std::uint64_t totals_[most_threads];        // by ordinal in the profile used: own events and those of descendants
  std::uint32_t used_;                        // profile
  std::uint32_t noting_;                      // profile
  std::uint32_t latest_;  // profile of the latest whole execution in this strategy's seat; 0: none in this block
  profile profiles_[3];   // the first execution of the block; two in turn for the latest
};

}  // namespace ravel::detail
