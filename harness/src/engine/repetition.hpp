// SPDX-License-Identifier: MIT
// What each thread of an execution did of late, step by step, to see whether it does the same for ever: the same places
// in the same order, with the same values read. Written by the thread in control, while the execution is being judged
// (execution.hpp). Memory of its own, which costs nothing until then. Cost: some ns a step.
#pragma once

#include "controlled_thread.hpp"

#include <cstddef>
#include <cstdint>

namespace ravel::detail {

struct hot_place {
  std::uintptr_t pc;
  std::uint64_t times;
  std::uint32_t thread;  // index
};

class repetition {
 public:
  static constexpr std::uint32_t most_threads = 64, steps_kept = 1u << 15, fewest_times = 100, most_hot = 3;

  // False when there is no memory for it.
  [[nodiscard]] bool start() noexcept;
  // The thread is at its pending event.
  void note(const controlled_thread& thread) noexcept;
  [[nodiscard]] bool has_steps(std::uint32_t index) const noexcept {
    return index < most_threads && seen_[index].steps != 0;
  }
  // The latest steps of the thread are one loop, fewest_times times in a row at least, and it waits for something in
  // it: it reads memory, or does nothing but sleep, yield and try.
  [[nodiscard]] bool is_one_loop(std::uint32_t index) const noexcept;
  // The places with the most steps; returns how many. all: steps of all places.
  std::uint32_t hottest(hot_place (&places)[most_hot], std::uint64_t& all) const noexcept;

 private:
  static constexpr std::uint32_t most_places = 1'024;
  struct thread_steps {
    std::uint64_t steps;
    bool has_read;
    bool has_changed;  // locks, wake-ups and the like
  };

  std::uint64_t* steps_ = nullptr;  // steps_kept for each thread, a ring
  thread_steps seen_[most_threads] = {};
  hot_place places_[most_places] = {};
};

}  // namespace ravel::detail
