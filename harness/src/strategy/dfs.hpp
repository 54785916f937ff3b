// SPDX-License-Identifier: MIT
// Strategy "dfs": all schedules, depth first, with at most so many preemptions (another thread is chosen although this
// one could go on and did not yield, or a wait ended early although others could run); first those with none, then with
// one, and so on up to the bound, so that simple faults come early. Every access is a point. Which waiter wakes is a
// choice like any other. A trial follows from all those before it: first_needed is 1. An execution that passed its
// budget of points, or went another way than the one it repeats, leaves a gap, and then nothing is claimed; so does one
// in which threads waited by looking or yielding so often that they took turns instead of being tried in every order.
// There is no reduction: sleep sets (Godefroid 1996) together with a bound lose states (Coons, Musuvathi, McKinley
// 2013). Cost: nothing between choices once the bound is used up; until then a pass over the ready threads at each
// point.
#pragma once

#include "engine/strategy.hpp"

namespace ravel::detail {

class dfs_strategy final : public strategy {
 public:
  static constexpr std::uint32_t no_bound = ~0u;
  static constexpr std::uint32_t most_choices = 1u << 18;  // in one execution

  explicit dfs_strategy(std::uint32_t preemptions) noexcept;

  [[nodiscard]] const char* name() const noexcept override { return "dfs"; }
  [[nodiscard]] std::uint64_t first_needed(std::uint64_t) const noexcept override { return 1; }
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override;
  [[nodiscard]] decision choose(const choice& at) noexcept override;
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override;
  void set_aside() noexcept override { leaves_out_ = true; }
  void ended(ending how, std::uint64_t points) noexcept override;
  [[nodiscard]] bool is_exhausted() const noexcept override { return is_exhausted_; }
  [[nodiscard]] std::string coverage(bool is_clean, const std::string& hold_up) const override;

  // Schedules run under the bound at which the search stands.
  [[nodiscard]] std::uint64_t schedules() const noexcept { return schedules_; }

 private:
  struct branch {
    std::uint16_t chosen;
    std::uint16_t options;
  };

  [[nodiscard]] std::uint32_t decide(std::uint32_t options) noexcept;
  void advance() noexcept;
  void next_bound() noexcept;
  [[nodiscard]] bool has_gap() const noexcept { return strayed_ + cut_ != 0; }

  std::uint32_t last_bound_;
  std::uint32_t bound_;     // preemptions allowed at present
  std::uint32_t used_;      // in this execution
  std::uint32_t spins_;     // in this execution, and yields
  std::uint32_t at_;        // choices made in this execution
  std::uint32_t known_;     // choices that this execution repeats
  std::uint32_t finished_;  // bounds that were run to their end
  bool leaves_out_;         // in this execution a choice was none, because there were so many spins
  bool is_running_;
  bool is_bound_reached_;  // a preemption was left out because of the bound
  bool is_exhausted_;
  bool has_timed_waits_;
  std::uint64_t schedules_;
  std::uint64_t strayed_;  // executions that did not repeat the one they should
  std::uint64_t cut_;      // executions with more choices, points or spins than allowed
  branch path_[most_choices];
};

}  // namespace ravel::detail
