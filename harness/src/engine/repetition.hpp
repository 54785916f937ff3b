// SPDX-License-Identifier: MIT
// What each thread of an execution did of late, step by step, to see whether it does the same for ever: the same places
// in the same order, with the same values read; and thoroughly, with the same in its registers and the latest frames of
// its stack, where a counter may be that nobody else sees. Written by the thread in control, while the execution is
// being judged (execution.hpp). Memory of its own, which costs nothing until then. Cost: some ns a step; thoroughly,
// some us.
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

  // Forgets what was. False when there is no memory for it.
  [[nodiscard]] bool start(bool is_thorough) noexcept;
  [[nodiscard]] bool is_thorough() const noexcept { return is_thorough_; }
  // The thread is at its pending event, and the calling one.
  void note(const controlled_thread& thread) noexcept;
  [[nodiscard]] bool has_steps(std::uint32_t index) const noexcept { return index < most_threads && seen_[index] != 0; }
  // The latest steps of the thread are one loop, fewest_times times in a row at least.
  [[nodiscard]] bool is_one_loop(std::uint32_t index) const noexcept;
  // Accesses to memory are among the steps; else nobody knows what threads write to it.
  [[nodiscard]] bool has_accesses() const noexcept { return has_accesses_; }
  // The places with the most steps; returns how many. all: steps of all places.
  std::uint32_t hottest(hot_place (&places)[most_hot], std::uint64_t& all) const noexcept;

 private:
  static constexpr std::uint32_t most_places = 1'024;
  bool is_thorough_ = false;
  bool has_accesses_ = false;
  std::uint64_t* steps_ = nullptr;         // steps_kept for each thread, a ring
  std::uint64_t seen_[most_threads] = {};  // steps of each
  hot_place places_[most_places] = {};
};

}  // namespace ravel::detail
