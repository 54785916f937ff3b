// SPDX-License-Identifier: MIT
// A run of any mode: batches forked and watched, what ended them settled, a report made. Parent only. Blocks for at
// most the run's budget plus the limits of its options. Throws usage_error for what the body's author got wrong.
#pragma once

#include "batch.hpp"
#include "run.hpp"
#include "said_last.hpp"
#include "supervision.hpp"

#include <ravel/report.hpp>

#include <memory>
#include <string>
#include <vector>

namespace ravel::detail {

class supervised_run {
 public:
  // All must outlive it.
  supervised_run(const run_options& options, const environment& asked, const body& body, mode& kind);

  void go();
  // The two parts of go(), for who has something to do between them.
  void prepare();
  void work();
  // After prepare(), in the place of work(): trials in this process, as somebody else asks for them.
  [[nodiscard]] std::unique_ptr<open_batch> open() { return std::make_unique<open_batch>(run_, body_, plan_); }
  // In a process forked after go(), for modes whose trials can be repeated exactly: runs the trials from first to last
  // once more, and counts findings of the last one only. The first `prepared` of them run in processes of their own.
  // The run must have been started afresh.
  void repeat(std::uint64_t first, std::uint64_t last, std::uint64_t prepared);
  // As many rounds as there is time for, from the first on; nothing that is found counts. As above.
  void run_again(std::uint64_t trials);
  [[nodiscard]] report make_report();
  [[nodiscard]] run& inner() noexcept { return run_; }

 private:
  batch_end run_one_batch(const limits& limits);
  bool settle(batch_end end);  // true: go on
  bool has_enough();           // findings, as .stop_after says
  bool repeats_killed();       // the attempt whose process was killed from outside; false: it is told of
  void forget_dead_threads();
  [[nodiscard]] std::uint64_t attempts_made() const { return run_.shared->control.attempt.load(); }
  [[nodiscard]] std::string trials() const { return std::string(run_.kind.trial_word()) + "s"; }
  void describe(report& result);
  [[nodiscard]] std::vector<std::string> trusted() const;
  [[nodiscard]] static bool has_done_little(const report& result);
  void judge(report& result);

  run run_;
  said_last last_{run_};
  const body& body_;
  batch_plan plan_;
  unsigned hangs_ = 0, crashes_ = 0, kills_ = 0;
  std::uint64_t killed_attempt_ = 0;
  std::uint32_t judged_ = 0;  // findings that were not enough
  std::string broken_;
  std::vector<std::string> notes_;
};

// The report of a run that RAVEL_REPLAY passes over, because its token names another test case.
[[nodiscard]] report passed_over(const std::string& name, const mode& kind, std::uint64_t seed,
                                 const environment& asked);

}  // namespace ravel::detail
