// SPDX-License-Identifier: MIT
// What a mode fills in: how trials are run, and what they are called. A run asks it once per trial or per batch, never
// at a point. No other code asks which mode runs. Made in the parent before the first fork; children have their copy.
// Thread safety: as said at each.
#pragma once

#include "batch_plan.hpp"

#include <ravel/finding.hpp>
#include <ravel/report.hpp>
#include <ravel/token.hpp>
#include <ravel/trial.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace ravel {

struct test_options;

namespace detail {

class job_runner;
class run;

class mode {
 public:
  virtual ~mode() = default;

  // Its words, such as "fuzz" and "input". The plural of the second has an s.
  [[nodiscard]] virtual const char* name() const noexcept = 0;
  [[nodiscard]] virtual const char* trial_word() const noexcept = 0;
  // Trials are many and short: what is done between them has to be cheap.
  [[nodiscard]] virtual bool has_short_trials() const noexcept { return false; }

  // In the parent, before the first batch: how many attempts there are to be, and which trials a replay needs.
  // By default the trials of this shard, or the one trial of the token.
  virtual void plan(const run& run, batch_plan& plan) const;
  // The number of the trial that an attempt is. Parent and child.
  [[nodiscard]] virtual std::uint64_t number_of(const batch_plan& plan, std::uint64_t attempt) const noexcept;
  // Nothing is left to try. Parent and child.
  [[nodiscard]] virtual bool is_exhausted() const noexcept { return false; }

  // In the process that runs trials, on the thread that runs the body; the first before that thread has a record.
  virtual void prepare_process(const run& /*run*/, const batch_plan& /*plan*/) noexcept {}
  // What runs the workers of the batch; destroyed at its end.
  [[nodiscard]] virtual std::unique_ptr<job_runner> start_batch(const run& run, const batch_plan& plan) = 0;
  virtual void begin_trial(const run& /*run*/, std::uint64_t /*trial*/) noexcept {}
  virtual void end_trial() noexcept {}
  // The same for a program that has ended: its other threads are not waited for.
  virtual void abandon_trial() noexcept {}
  // A finding has appeared in this trial: what it takes to explain it is to be kept. Also in the parent, when the
  // process has died.
  virtual void keep(std::uint64_t /*trial*/) noexcept {}
  // The target has forked: in the process that runs trials, and in the new one, which is no part of the run.
  virtual void has_forked() noexcept {}
  virtual void forget() noexcept {}
  // In a signal handler, on a thread that is asked where it is: answers for threads that cannot do so themselves.
  // False: this thread's own answer is not wanted.
  [[nodiscard]] virtual bool answers_for_others() noexcept { return true; }

  // The watchdog's questions, in the parent. Grows while the trial in flight goes on; where it stays 0, a trial is seen
  // to go on when it ends.
  [[nodiscard]] virtual std::uint64_t movement() const noexcept { return 0; }
  // Threads run as the machine lets them, each for itself: then what one has used of the processor tells of it.
  [[nodiscard]] virtual bool runs_all_at_once() const noexcept { return true; }
  // "the round did not end"; has_stopped: it came to no further place where it could be seen to go on.
  [[nodiscard]] virtual std::string words_for_hang(bool has_stopped) const;
  [[nodiscard]] virtual std::string advice_for_hang() const;
  // The process is stuck where a library waits by system calls of its own; empty: that is a hang like others. And what
  // helps.
  [[nodiscard]] virtual std::string words_for_own_wait(const std::string& /*library*/) const { return {}; }
  [[nodiscard]] virtual std::string advice_for_own_wait(const std::string& /*library*/) const { return {}; }
  // The process has ended by itself in the middle of a trial: true when that was on purpose, and a finding of why is
  // made, or counted.
  [[nodiscard]] virtual bool explains_end(run& /*run*/) { return false; }

  // The report, in the parent. What trials were left to, as tokens say it.
  [[nodiscard]] virtual std::string strategy_of(std::uint64_t /*trial*/) const { return name(); }
  // A replay runs the very trial of its token: its findings keep that token.
  [[nodiscard]] virtual bool replays_exactly() const noexcept { return true; }
  // A replay may not show its finding, and be clean.
  [[nodiscard]] virtual bool expects_no_finding() const noexcept { return false; }
  // Why a replay may miss what was there: ": the interleaving is the machine's".
  [[nodiscard]] virtual std::string why_not_again() const { return {}; }
  // What was covered; may set the verdict to undecided, with its reason.
  virtual void describe(report& /*result*/) const {}
  // Why nothing can be said; empty: it can.
  [[nodiscard]] virtual std::string open_question() const { return {}; }
  // What is known of the trials that were not run, in a sentence; empty: nothing.
  [[nodiscard]] virtual std::string coverage(bool /*is_clean*/) const { return {}; }
};

// A mode that tests can ask for by RAVEL_MODE and tokens.
struct mode_entry {
  const char* name;
  bool is_default;
  bool (*has_made)(const token&);  // whether the token is from this mode
  report (*run)(const test_options& options, const body& body);
};
// At static initialisation. Always true.
bool register_mode(const mode_entry& entry);
// Null: there is none of this name.
[[nodiscard]] const mode_entry* find_mode(const std::string& name);

}  // namespace detail

}  // namespace ravel
