// SPDX-License-Identifier: MIT
// The event log of each execution: which thread came to do what, to which object, where in the code, and every switch
// and pick. One number over all of it, and the first lines as they are. Objects count by the order in which they are
// met, because addresses differ between processes.
// Compiled without any sanitizer: it is called at points. Made in the exploration's arena. Cost: some 20 ns an event.
#pragma once

#include "engine/execution.hpp"

#include <cstdint>

namespace explored {

struct logged_line {
  char what;             // e: event, s: switch, p: pick
  std::uint64_t first;   // path of the thread; for a pick: which
  std::uint64_t second;  // of an event: operation << 32 | bytes; else the thread switched to, or of how many
  std::uint64_t object;  // number
  std::uintptr_t pc;
  std::uint64_t step;
};

class event_hashes final : public ravel::detail::event_listener {
 public:
  static constexpr std::uint32_t most_trials = 32;
  static constexpr std::uint32_t most_lines = 256;

  // The log names the trial in flight.
  void follow(const ravel::detail::schedule_log& log) noexcept { log_ = &log; }
  // Accesses then count without their object.
  void set_reuses_memory(bool reuses) noexcept { reuses_memory_ = reuses; }
  [[nodiscard]] std::uint64_t hash(std::uint64_t trial) const noexcept { return hash_[trial]; }  // 0: it did not run
  [[nodiscard]] std::uint64_t lines(std::uint64_t trial) const noexcept { return lines_[trial]; }
  [[nodiscard]] const logged_line& line(std::uint64_t trial, std::uint64_t at) const noexcept {
    return kept_[trial][at];
  }

  void about_to(const ravel::detail::controlled_thread& thread, std::uint64_t step) noexcept override;
  void switched(const ravel::detail::controlled_thread& from, const ravel::detail::controlled_thread& to,
                std::uint64_t step) noexcept override;
  void picked(std::uint32_t which, std::uint32_t of, std::uint64_t step) noexcept override;

 private:
  struct known_object {
    const void* address;
    std::uint64_t trial;
    std::uint64_t number;
  };
  static constexpr std::uint32_t most_objects = 1u << 14;

  void add(const logged_line& line) noexcept;
  [[nodiscard]] std::uint64_t number_of(const void* object) noexcept;

  const ravel::detail::schedule_log* log_ = nullptr;
  bool reuses_memory_ = false;
  std::uint64_t trial_ = 0;
  std::uint64_t numbers_ = 0;
  std::uint64_t hash_[most_trials + 1];
  std::uint64_t lines_[most_trials + 1];
  logged_line kept_[most_trials + 1][most_lines];
  known_object objects_[most_objects];
};

}  // namespace explored
