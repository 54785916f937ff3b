// SPDX-License-Identifier: MIT
// The observer behind the check "deadlock": misuse is reported by the recorder where it happens; a circle of
// waiting threads by the parent, which looks at the shared thread records while a round does not move on.
// Two looks must show the same waits (by wait_number) before it is called a deadlock: then nothing moved.
// Only blocking requests count; a wait with a time limit ends by itself.
#pragma once

#include "locks/lock_recorder.hpp"

#include <ravel/observer.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace ravel::checks {

// Why one thread cannot go on.
struct wait_of_thread {
  enum class reason : std::uint8_t { lock, lock_after_condition, end_of_thread, end_of_phase };
  std::uint32_t slot;
  reason why;
  const void* lock;  // for reason::lock and lock_after_condition
  std::uint64_t wait_number;
  std::vector<std::uint32_t> for_slots;

  [[nodiscard]] bool is_for_lock() const noexcept { return why == reason::lock || why == reason::lock_after_condition; }
};

class deadlock_check final : public observer {
 public:
  void run_started(run_view& run) override;
  bool is_deadlocked(run_view& run) override;
  bool is_stuck(run_view& run) override;
  void hang_reported(run_view& run, raw_finding& hang) override;
  void batch_ended(run_view& run, bool completed) override;
  void batches_ended(run_view& run) override;

  void batch_started(run_view& run) override;
  void trial_started(run_view& run) override;
  void phase_starting(run_view& run) override;
  void phase_ended(run_view& run) override;
  void trial_ended(run_view& run) override;
  void thread_started(run_view& run, thread_record& record) noexcept override;
  void thread_ended(run_view& run, thread_record& record) noexcept override;

 private:
  void find_circle(run_view& run);

  std::shared_ptr<lock_recorder> recorder_;
  std::vector<wait_of_thread> waits_;          // at the last look
  std::vector<const wait_of_thread*> circle_;  // of waits_; empty: none
  std::vector<std::uint64_t> last_look_;       // slots and wait numbers of the circle seen last
};

// Who waits for whom now, by the shared records. In the parent.
[[nodiscard]] std::vector<wait_of_thread> waits_now(lock_recorder& recorder);
void report_deadlock(lock_recorder& recorder, const std::vector<const wait_of_thread*>& circle);

std::unique_ptr<observer> make_deadlock_check();

}  // namespace ravel::checks
