// SPDX-License-Identifier: MIT
// The decisions of one execution, in memory shared with the parent: enough to repeat it exactly in the same binary.
// Written by the thread in control. Cost: two stores a decision.
#pragma once

#include <atomic>
#include <cstdint>

namespace ravel::detail {

enum class decision_kind : std::uint32_t {
  at_point,      // another thread was chosen although this one could go on
  forced,        // this one could not: it was blocked, or had ended
  pick,          // which waiter woke, and the like
  stepped_back,  // it could, but yielded, or was found spinning
  time_passed,   // a time-out came although threads could run, for all of them were spinning; who waited for it
};

struct logged_decision {
  std::uint64_t step;   // points passed before it
  std::uint32_t value;  // index of the thread that goes on; or what was picked
  decision_kind kind;
};

struct schedule_log {
  static constexpr std::uint32_t capacity = 1u << 16;

  std::uint64_t trial;
  std::uint32_t count;
  std::uint64_t
      passed;          // points, of late: the parent looks at it to see whether the execution goes on (std::atomic_ref)
  std::uint32_t lost;  // decisions that did not fit: this execution cannot be repeated from here
  logged_decision decisions[capacity];

  void start(std::uint64_t of_trial) noexcept {
    trial = of_trial;
    count = lost = 0;
    tell_passed(0);
  }
  // relaxed: the watchdog only looks whether it changes
  void tell_passed(std::uint64_t points) noexcept { std::atomic_ref(passed).store(points, std::memory_order_relaxed); }
  void add(std::uint64_t step, std::uint32_t value, decision_kind kind) noexcept {
    if (count == capacity) {
      ++lost;
      return;
    }
    decisions[count].step = step;
    decisions[count].value = value;
    decisions[count++].kind = kind;
  }
};

}  // namespace ravel::detail
