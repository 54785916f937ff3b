// SPDX-License-Identifier: MIT
// What chooses the next thread. A strategy is made in the parent, in memory that the parent shares with its forked
// children, so that what it learns outlives a child; it holds no pointer into the heap.
// Thread safety: called by the thread in control, or between executions. No call may allocate, lock, or reach a point.
// All randomness comes from the seed of start(); no clock, no address decides anything.
#pragma once

#include "controlled_thread.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace ravel::detail {

// Who waits by spinning may wait for a thread that a strategy keeps back: after so many times in an execution a
// strategy keeps nobody back any more.
inline constexpr std::uint32_t most_spins = 16;
inline constexpr std::uint32_t yields_for_spin = 8;  // so many yields tell as much as being found spinning once

// Where an execution stands when somebody has to be chosen.
struct choice {
  controlled_thread* const* ready;  // who can go on; at least one
  std::uint32_t ready_count;
  controlled_thread* self;  // who came to this point
  bool self_can_go_on;      // false: it is blocked, has ended, or steps back; not in ready then
  bool self_steps_back;     // it yields, or spins, and others are ready: it is left out of ready this time
  bool self_is_spinning;    // it looked at memory again and again while nobody wrote
  std::uint64_t step;       // points passed in this execution
  // The last so many of ready wait with a time limit that is near: whoever of them is chosen has waited long enough.
  // The others then were held up for that long, which a machine may do. There is always one before them.
  std::uint32_t early_count = 0;

  [[nodiscard]] std::uint32_t on_time_count() const noexcept { return ready_count - early_count; }
};

struct decision {
  controlled_thread* next;  // one of ready
  std::uint64_t points;     // how many points it may pass before this strategy is asked again; 1: ask at the next
  bool is_until_another_is_ready = false;  // and ask at the next point after another thread has become ready
};

enum class ending : std::uint8_t { finished, stuck, over_budget, livelock, too_many_objects, died };

class strategy {
 public:
  static constexpr std::uint64_t unlimited = ~std::uint64_t{0} >> 2;

  virtual ~strategy() = default;
  [[nodiscard]] virtual const char* name() const noexcept = 0;
  // Of the strategy that a trial was or will be left to; differs where a strategy is made of others.
  [[nodiscard]] virtual const char* name_for(std::uint64_t /*trial*/) const noexcept { return name(); }
  // How many executions from `trial` back have to be run again, in order, for `trial` to get the same schedule: the
  // first of them. Most need none but itself.
  [[nodiscard]] virtual std::uint64_t first_needed(std::uint64_t trial) const noexcept { return trial; }

  virtual void start(std::uint64_t seed, std::uint64_t trial) noexcept = 0;
  // A thread has come into being; it is ready, and its pending event is its start. The first one is its own parent.
  virtual void thread_created(controlled_thread& /*parent*/, controlled_thread& /*child*/) noexcept {}
  // The thread in control begins an operation that is recorded (ravel/operation_in_flight.hpp). Whether it is to be
  // asked at the next point, however many it has granted.
  [[nodiscard]] virtual bool operation_begins(controlled_thread& /*self*/) noexcept { return false; }
  [[nodiscard]] virtual decision choose(const choice& at) noexcept = 0;
  // One of `count` things of which any may happen: which waiter wakes, whether a try fails.
  [[nodiscard]] virtual std::uint32_t pick(std::uint32_t count) noexcept = 0;
  // The execution has passed its budget: from here on threads take turns, and nothing is asked any more.
  virtual void set_aside() noexcept {}
  // The execution is over. points: how many it passed.
  virtual void ended(ending /*how*/, std::uint64_t /*points*/) noexcept {}
  // True when it repeats an execution: who is found spinning is part of what it repeats.
  [[nodiscard]] virtual bool repeats() const noexcept { return false; }
  // True when it follows a schedule that says itself which waits end early: then it may end any.
  [[nodiscard]] virtual bool may_end_any_wait() const noexcept { return false; }
  // Whether it repeats that time passed here; asked at every point that it asked for, before choose.
  [[nodiscard]] virtual bool lets_time_pass(std::uint64_t /*step*/) noexcept { return false; }
  // After the run, in the parent; may allocate: what is now known of the schedules that were not run, in a sentence;
  // empty: nothing. is_clean: no finding, no question left open. hold_up: in words, how long a thread may be held up.
  [[nodiscard]] virtual std::string coverage(bool /*is_clean*/, const std::string& /*hold_up*/) const { return {}; }
  // True when there is nothing left to try.
  [[nodiscard]] virtual bool is_exhausted() const noexcept { return false; }
};

}  // namespace ravel::detail
