// SPDX-License-Identifier: MIT
// A run: its observers, what its processes share, and the options in force. Made in the parent, inherited
// by the children. One at a time in a process.
#pragma once

#include "mode.hpp"
#include "record/run_listener.hpp"
#include "record/shared_run.hpp"
#include "run_options.hpp"

#include <ravel/environment.hpp>
#include <ravel/observer.hpp>

#include <memory>
#include <vector>

namespace ravel::detail {

// The one check that is the harness's own, because it takes repeating trials.
inline constexpr const char* nondeterminism_check = "nondeterminism";

class run final : public run_view, private run_listener {
 public:
  // Throws usage_error when a run is in flight already.
  run(const run_options& options, const environment& asked, mode& kind);
  ~run() override;

  [[nodiscard]] const char* name() const noexcept override { return options.name.c_str(); }
  [[nodiscard]] std::uint64_t seed() const noexcept override { return options.seed; }
  [[nodiscard]] std::uint64_t trial() const noexcept override;
  [[nodiscard]] std::uint64_t trials_completed() const noexcept override;
  [[nodiscard]] void* shared_memory(std::size_t bytes) override;
  [[nodiscard]] std::uint32_t starts() const noexcept override { return starts_; }
  [[nodiscard]] thread_record* threads() noexcept override { return shared->threads.records; }
  [[nodiscard]] std::uint32_t thread_count() const noexcept override;
  [[nodiscard]] bool is_under_valgrind() const noexcept override;
  [[nodiscard]] const char* tool() const noexcept override { return asked.tool.c_str(); }
  [[nodiscard]] bool has_short_trials() const noexcept override { return kind.has_short_trials(); }
  [[nodiscard]] bool is_whole_program() const noexcept override { return options.is_program; }
  [[nodiscard]] bool is_replay() const noexcept override { return asked.replay.has_value(); }
  [[nodiscard]] const char* trial_word() const noexcept override { return kind.trial_word(); }
  [[nodiscard]] bool looks_for_leaks() const noexcept override { return has_leaks_looked_for; }
  [[nodiscard]] bool is_hosted() const noexcept override { return hosted; }
  void end_batch_after_this_trial() noexcept override;
  void death_is_reported() noexcept override;

  void make_observers();
  // In a process forked by the parent: shared memory and observers of its own, as at the start of a run. What the
  // parent has of them stays as it is.
  void start_afresh();
  // Observers in order of registration; endings are told in reverse.
  template <class Call>
  void tell(Call call) {
    for (auto& one : observers) call(*one);
  }
  template <class Call>
  void tell_in_reverse(Call call) {
    for (auto one = observers.rbegin(); one != observers.rend(); ++one) call(**one);
  }

  const run_options& options;
  const environment& asked;
  mode& kind;
  shared_run* shared = nullptr;
  std::vector<std::unique_ptr<observer>> observers;
  bool accepts_areas = false;
  bool hosted = false;
  bool is_again = false;  // trials are run again, and what tools tell of them is known
  bool has_leaks_looked_for = true;
  double started = 0;   // seconds, steady clock
  double deadline = 0;  // no new trial after this

 private:
  void thread_started(thread_record& record) noexcept override;
  void thread_ended(thread_record& record) noexcept override;
  void name_made(const name_event& made) noexcept override;

  std::vector<std::pair<void*, std::size_t>> areas_;
  std::uint32_t starts_ = 0;
};

[[nodiscard]] run* current_run_object() noexcept;

// An observer that is part of every run and cannot be switched off (adapters). Register before a run.
void add_permanent_observer(std::unique_ptr<observer> (*make)());

}  // namespace ravel::detail
