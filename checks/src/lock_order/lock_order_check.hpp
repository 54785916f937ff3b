// SPDX-License-Identifier: MIT
// The observer behind the check "lock_order": lets the recorder keep tuples in the child, and in the parent,
// after each batch, looks for cycles; what was found is worded and reported when no child runs any more.
// Thread safety: as said at class observer. Cost after a batch: see lock_graph.hpp.
#pragma once

#include "lock_graph.hpp"
#include "locks/lock_names.hpp"
#include "locks/lock_recorder.hpp"

#include <ravel/observer.hpp>

#include <memory>
#include <string>
#include <vector>

namespace ravel::checks {

// A cycle copied out of the shared memory, whose per-trial part the next batch uses again.
struct found_cycle {
  struct part {
    std::string thread;
    lock_instance held, wanted;
    raw_stack held_first_locked, wanted_first_locked;
    raw_stack held_stack, wanted_stack;
    lock_mode held_mode, wanted_mode;
  };
  std::vector<part> parts;  // each wants what the next one holds
  obstacle kept_apart_by = obstacle::none;
  lock_instance guard{};
  raw_stack guard_first_locked{};
  std::uint64_t trial = 0;
  std::vector<std::uint64_t> edges;  // classes, sorted: equal ones are one finding
};

class lock_order_check final : public observer {
 public:
  void run_started(run_view& run) override;
  void batch_ended(run_view& run, bool completed) override;
  void batches_ended(run_view& run) override;
  std::vector<possible_deadlock> possible_deadlocks() const override { return possible_; }
  void run_ended(run_view& run, report& report) override;

  void batch_started(run_view& run) override;
  void trial_started(run_view& run) override;
  void phase_starting(run_view& run) override;
  void phase_ended(run_view& run) override;
  void trial_ended(run_view& run) override;
  void thread_started(run_view& run, thread_record& record) noexcept override;
  void thread_ended(run_view& run, thread_record& record) noexcept override;

  [[nodiscard]] const std::vector<found_cycle>& found() const noexcept { return found_; }

 private:
  void analyse();
  void keep(found_cycle cycle);

  std::shared_ptr<lock_recorder> recorder_;
  std::vector<found_cycle> found_;
  std::vector<possible_deadlock> possible_;  // those of them that were reported and can happen
  std::uint32_t kept_tuples_analysed_ = 0;
  bool was_capped_ = false;
};

// Words and publishes the finding for a cycle; nullptr: it is known already. fails: order-only ones count, too.
const raw_finding* report_cycle(const found_cycle& cycle, bool order_only_fails, stack_frames& frames);

// What a reader would take for the same cycle: the source lines and names, wherever it starts.
[[nodiscard]] std::string likeness(const found_cycle& cycle, stack_frames& frames);

std::unique_ptr<observer> make_lock_order_check();

}  // namespace ravel::checks
