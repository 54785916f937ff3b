// SPDX-License-Identifier: MIT
// Stress: rounds on real cores, free-running, started by a gate, disturbed by noise. See process/mode.hpp.
#pragma once

#include "process/mode.hpp"

#include <ravel/stress.hpp>

namespace ravel::detail {

class stress_mode final : public mode {
 public:
  explicit stress_mode(const noise_options& noise) : noise_(noise) {}

  [[nodiscard]] const char* name() const noexcept override { return "stress"; }
  [[nodiscard]] const char* trial_word() const noexcept override { return "round"; }
  void plan(const run& run, batch_plan& plan) const override;
  [[nodiscard]] std::uint64_t number_of(const batch_plan& plan, std::uint64_t attempt) const noexcept override;
  [[nodiscard]] std::unique_ptr<job_runner> start_batch(const run& run, const batch_plan& plan) override;
  void begin_trial(const run& run, std::uint64_t trial) noexcept override;
  [[nodiscard]] bool replays_exactly() const noexcept override { return false; }
  [[nodiscard]] std::string why_not_again() const override;

 private:
  noise_options noise_;
};

}  // namespace ravel::detail
