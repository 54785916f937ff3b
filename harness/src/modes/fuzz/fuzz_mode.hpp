// SPDX-License-Identifier: MIT
// Fuzz: executions whose program and schedule come from bytes. See process/mode.hpp and ravel/fuzz_target.hpp.
#pragma once

#include "modes/explore/explore_mode.hpp"
#include "strategy/input.hpp"

#include <ravel/fuzz_target.hpp>

#include <atomic>
#include <cstdint>
#include <string>

namespace ravel::detail {

class fuzz_mode final : public explore_mode {
 public:
  // All must outlive it.
  fuzz_mode(exploration& explore, input_strategy& strategy, const fuzz_target& target, const fuzz_options& options)
      : explore_mode(explore),
        strategy_(strategy),
        target_(target),
        options_(options),
        has_found_(explore.arena.make<std::atomic<std::uint32_t>>(0u)) {}

  [[nodiscard]] const char* name() const noexcept override { return "fuzz"; }
  [[nodiscard]] const char* trial_word() const noexcept override { return "input"; }
  void plan(const run& run, batch_plan& plan) const override { mode::plan(run, plan); }
  [[nodiscard]] std::uint64_t number_of(const batch_plan& plan, std::uint64_t attempt) const noexcept override {
    return mode::number_of(plan, attempt);
  }
  // A session ends with the first input that finds something.
  [[nodiscard]] bool is_exhausted() const noexcept override { return has_found_->load(std::memory_order_relaxed) != 0; }
  void keep(std::uint64_t trial) noexcept override;
  void begin_trial(const run& run, std::uint64_t trial) noexcept override;
  void end_trial() noexcept override;
  [[nodiscard]] std::string strategy_of(std::uint64_t) const override { return "fuzz"; }
  [[nodiscard]] std::string words_for_hang(bool has_stopped) const override;
  [[nodiscard]] std::string advice_for_hang() const override;
  [[nodiscard]] std::string coverage(bool is_clean) const override;

  // From now on every trial is made of these bytes, which must outlive it.
  void take(input_bytes bytes) noexcept {
    given_ = bytes;
    is_given_ = true;
  }
  // What that trial is made of: what it was given, the file of that number, or what is drawn from seed and number.
  void input_of(std::uint64_t trial, fuzz_input& into) const;

 private:
  input_strategy& strategy_;
  const fuzz_target& target_;
  const fuzz_options& options_;
  std::atomic<std::uint32_t>* has_found_;  // in memory that parent and children share
  fuzz_input input_;
  input_bytes given_;
  bool is_given_ = false;
};

}  // namespace ravel::detail
