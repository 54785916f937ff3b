// SPDX-License-Identifier: MIT
// A run of either mode: batches forked and watched, what ended them settled, a report made. Parent only. Blocks for at
// most the run's budget plus the limits of its options. Throws usage_error for what the body's author got wrong.
#pragma once

#include "batch.hpp"
#include "run.hpp"
#include "supervision.hpp"

#include <ravel/report.hpp>

#include <string>
#include <vector>

namespace ravel::detail {

class supervised_run {
 public:
  // explore: null in stress mode.
  supervised_run(const stress_options& options, const environment& asked, const body& body, exploration* explore);

  void go();
  // The two parts of go(), for who has something to do between them.
  void prepare();
  void work();
  // Explore mode, in a process forked after go(): runs the trials from first to last once more, and counts findings of
  // the last one only. The first `prepared` of them run in processes of their own. The run must have been started
  // afresh.
  void repeat(std::uint64_t first, std::uint64_t last, std::uint64_t prepared);
  [[nodiscard]] report make_report();
  [[nodiscard]] run& inner() noexcept { return run_; }

 private:
  void aim_at(std::uint64_t first, std::uint64_t last, std::uint64_t prepared);
  batch_end run_one_batch(const limits& limits);
  bool settle(batch_end end);  // true: go on
  void forget_dead_threads();
  [[nodiscard]] std::uint64_t attempts_made() const { return run_.shared->control.attempt.load(); }
  [[nodiscard]] std::string trials() const { return run_.explore == nullptr ? "rounds" : "executions"; }
  void describe(report& result);
  void describe_exploration(report& result);
  void judge(report& result);

  run run_;
  const body& body_;
  batch_plan plan_;
  std::uint64_t wanted_ = 1;  // attempts
  unsigned hangs_ = 0, crashes_ = 0;
  std::string broken_;
  std::vector<std::string> notes_;
};

// The report of a run that RAVEL_REPLAY passes over, because its token names another test case.
[[nodiscard]] report passed_over(const std::string& name, const char* mode, std::uint64_t seed,
                                 const environment& asked);

}  // namespace ravel::detail
