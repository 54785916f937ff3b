// SPDX-License-Identifier: MIT
// Explore: executions under control, one thread at a time, chosen by a strategy. See process/mode.hpp.
#pragma once

#include "exploration.hpp"
#include "process/mode.hpp"

namespace ravel::detail {

class explore_mode : public mode {
 public:
  explicit explore_mode(exploration& explore) : explore_(explore) {}  // which must outlive it

  [[nodiscard]] const char* name() const noexcept override { return "explore"; }
  [[nodiscard]] const char* trial_word() const noexcept override { return "execution"; }
  [[nodiscard]] bool has_short_trials() const noexcept override { return true; }
  void plan(const run& run, batch_plan& plan) const override;
  [[nodiscard]] std::uint64_t number_of(const batch_plan& plan, std::uint64_t attempt) const noexcept override;
  [[nodiscard]] bool is_exhausted() const noexcept override { return explore_.chosen->is_exhausted(); }

  void prepare_process(const run& run, const batch_plan& plan) noexcept override;
  [[nodiscard]] std::unique_ptr<job_runner> start_batch(const run& run, const batch_plan& plan) override;
  void begin_trial(const run& run, std::uint64_t trial) noexcept override;
  void end_trial() noexcept override;
  void abandon_trial() noexcept override;
  void keep(std::uint64_t trial) noexcept override { explore_.keep_schedule(trial); }
  void has_forked() noexcept override;
  void forget() noexcept override;
  [[nodiscard]] bool answers_for_others() noexcept override;

  [[nodiscard]] std::uint64_t movement() const noexcept override;
  [[nodiscard]] bool runs_all_at_once() const noexcept override { return false; }
  [[nodiscard]] std::string words_for_hang(bool has_stopped) const override;
  [[nodiscard]] std::string advice_for_hang() const override;
  [[nodiscard]] std::string words_for_own_wait(const std::string& library) const override;
  [[nodiscard]] std::string advice_for_own_wait(const std::string& library) const override;
  [[nodiscard]] bool explains_end(run& run) override;

  [[nodiscard]] std::string strategy_of(std::uint64_t trial) const override { return explore_.chosen->name_for(trial); }
  [[nodiscard]] bool expects_no_finding() const noexcept override { return explore_.is_regression; }
  void describe(report& result) const override;
  [[nodiscard]] std::string open_question() const override { return explore_.unfollowable; }
  [[nodiscard]] std::string coverage(bool is_clean) const override;

 protected:
  exploration& explore_;
};

}  // namespace ravel::detail
