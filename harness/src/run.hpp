// SPDX-License-Identifier: MIT
// A run: its observers, what its processes share, and the options in force. Made in the parent, inherited
// by the children. One at a time in a process.
#pragma once

#include "shared_run.hpp"

#include <ravel/environment.hpp>
#include <ravel/observer.hpp>
#include <ravel/stress.hpp>

#include <memory>
#include <vector>

namespace ravel::detail {

struct exploration;

// The one check that is the harness's own, because it takes repeating executions.
inline constexpr const char* nondeterminism_check = "nondeterminism";

class run final : public run_view {
 public:
  // Throws usage_error when a run is in flight already.
  run(const stress_options& options, const environment& asked);
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
  [[nodiscard]] bool is_exploring() const noexcept override { return explore != nullptr; }
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

  const stress_options& options;
  const environment& asked;
  shared_run* shared = nullptr;
  exploration* explore = nullptr;  // explore mode
  bool is_program = false;         // the body is a whole program: it may end the process by exit
  std::vector<std::unique_ptr<observer>> observers;
  bool accepts_areas = false;
  double started = 0;   // seconds, steady clock
  double deadline = 0;  // no new trial after this

 private:
  std::vector<std::pair<void*, std::size_t>> areas_;
  std::uint32_t starts_ = 0;
};

[[nodiscard]] run* current_run_object() noexcept;
[[nodiscard]] double seconds_now() noexcept;  // steady clock

// Marks this process as the one that runs trials (see is_in_batch).
void enter_batch() noexcept;
void leave_batch() noexcept;

}  // namespace ravel::detail
