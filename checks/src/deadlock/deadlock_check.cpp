// SPDX-License-Identifier: MIT
// See deadlock_check.hpp.
#include "deadlock_check.hpp"

#include "kernel_wait.hpp"
#include "locks/misuse.hpp"
#include "wait_graph.hpp"

#include <pthread.h>

#include <algorithm>

namespace ravel::checks {

namespace {

bool is_alive(const thread_record& record) noexcept {
  return record.is_used.load() != 0 && record.is_alive.load() != 0;
}

bool holds_against(const thread_record& record, const void* lock, lock_mode wanted) noexcept {
  const std::uint32_t held = std::min(record.held_count.load(), thread_record::max_held);
  for (std::uint32_t i = 0; i < held; ++i)
    if (record.held[i].lock == lock && (wanted == lock_mode::exclusive || record.held[i].mode == lock_mode::exclusive))
      return true;
  return false;
}

std::vector<std::uint32_t> holders_against(lock_recorder& recorder, const void* lock, lock_mode wanted) {
  std::vector<std::uint32_t> slots;
  const thread_record* records = recorder.run().threads();
  for (std::uint32_t slot = 0, count = recorder.run().thread_count(); slot < count; ++slot)
    if (is_alive(records[slot]) && holds_against(records[slot], lock, wanted)) slots.push_back(slot);
  return slots;
}

// In a condition wait: has it been woken, and waits for the mutex? That has no time limit, even where the wait has one.
bool waits_for_retaken(const thread_record& record, const lock_state& state) {
  return record.waiting_condition.load() != nullptr &&
         sleeps_on_futex_in(record.tid, state.retaken.load(), sizeof(pthread_mutex_t));
}

}  // namespace

std::vector<wait_of_thread> waits_now(lock_recorder& recorder) {
  std::vector<wait_of_thread> waits;
  thread_record* records = recorder.run().threads();
  const std::uint32_t count = recorder.run().thread_count();
  for (std::uint32_t slot = 0; slot < count; ++slot) {
    const thread_record& record = records[slot];
    if (!is_alive(record)) continue;
    const lock_state& state = recorder.state_of(record);
    wait_of_thread wait{slot, wait_of_thread::reason::lock, record.wanted.load(), record.wait_number.load(), {}};
    if (wait.lock != nullptr) {
      if (record.wanted_request != request_kind::blocking) continue;
      wait.for_slots = holders_against(recorder, wait.lock, record.wanted_mode);
    } else if (waits_for_retaken(record, state)) {
      wait.why = wait_of_thread::reason::lock_after_condition;
      wait.lock = state.retaken.load();
      wait.for_slots = holders_against(recorder, wait.lock, lock_mode::exclusive);
    } else if (const std::uint32_t joined = state.joining.load(); joined != 0) {
      wait.why = wait_of_thread::reason::end_of_thread;
      wait.for_slots.push_back(joined - 1);
    } else if (state.awaits_phase.load() != 0) {
      wait.why = wait_of_thread::reason::end_of_phase;
      for (std::uint32_t other = 0; other < count; ++other)
        if (is_alive(records[other]) && records[other].kind == thread_kind::worker) wait.for_slots.push_back(other);
    }
    if (!wait.for_slots.empty()) waits.push_back(std::move(wait));
  }
  return waits;
}

void deadlock_check::run_started(run_view& run) {
  recorder_ = lock_recorder::of_run(run);
  recorder_->reports_misuse = true;
}

void deadlock_check::find_circle(run_view& run) {
  waits_ = waits_now(*recorder_);
  std::vector<std::vector<std::uint32_t>> waits_for(run.thread_count());
  std::vector<const wait_of_thread*> by_slot(run.thread_count(), nullptr);
  for (const wait_of_thread& wait : waits_) {
    if (wait.slot >= waits_for.size()) continue;
    waits_for[wait.slot] = wait.for_slots;
    by_slot[wait.slot] = &wait;
  }
  circle_.clear();
  for (const std::uint32_t slot : circle_of_waits(waits_for)) circle_.push_back(by_slot[slot]);
}

bool deadlock_check::is_deadlocked(run_view& run) {
  find_circle(run);
  std::vector<std::uint64_t> look;
  for (const wait_of_thread* wait : circle_) {
    look.push_back(wait->slot);
    look.push_back(wait->wait_number);
    look.push_back(run.trial());
  }
  const bool is_same = !look.empty() && look == last_look_;
  last_look_ = look;
  if (!is_same) return false;
  last_look_.clear();
  report_deadlock(*recorder_, circle_);
  return true;
}

// Explore mode knows that nobody moves any more: one look will do.
bool deadlock_check::is_stuck(run_view& run) {
  find_circle(run);
  if (circle_.empty()) return false;
  report_deadlock(*recorder_, circle_);
  return true;
}

// After a batch, so that a round in which the process died has its names, too.
void deadlock_check::batch_ended(run_view&, bool) { last_look_.clear(); }

void deadlock_check::batches_ended(run_view&) { name_misused_locks(recorder_->memory()); }

void deadlock_check::batch_started(run_view&) {
  if (recorder_->is_led_by(this)) recorder_->batch_started();
}
void deadlock_check::trial_started(run_view& run) {
  if (recorder_->is_led_by(this)) recorder_->trial_started(run);
}
void deadlock_check::phase_starting(run_view& run) {
  if (recorder_->is_led_by(this)) recorder_->phase_starting(run);
}
void deadlock_check::phase_ended(run_view& run) {
  if (recorder_->is_led_by(this)) recorder_->phase_ended(run);
}
void deadlock_check::trial_ended(run_view& run) {
  if (recorder_->is_led_by(this)) recorder_->trial_ended(run);
}
void deadlock_check::thread_started(run_view& run, thread_record& record) noexcept {
  if (recorder_->is_led_by(this)) recorder_->thread_started(run, record);
}
void deadlock_check::thread_ended(run_view& run, thread_record& record) noexcept {
  if (recorder_->is_led_by(this)) recorder_->thread_ended(run, record);
}

std::unique_ptr<observer> make_deadlock_check() { return std::make_unique<deadlock_check>(); }

}  // namespace ravel::checks
