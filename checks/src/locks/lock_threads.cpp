// SPDX-License-Identifier: MIT
// The part of lock_recorder that follows trials, phases and threads: who is who, what happened before what,
// and at the end of a trial whether its tuples can be part of a cycle and are worth keeping.
#include "clocks.hpp"
#include "lock_recorder.hpp"

#include "misuse.hpp"

#include <ravel/symbols.hpp>

#include <limits>

namespace ravel::checks {

namespace {

constexpr std::uint32_t most_threads = 2048;

std::weak_ptr<lock_recorder>& latest() {
  static std::weak_ptr<lock_recorder> recorder;  // one run at a time in a process
  return recorder;
}

}  // namespace

std::shared_ptr<lock_recorder> lock_recorder::of_run(run_view& run) {
  std::shared_ptr<lock_recorder> recorder = latest().lock();
  if (recorder == nullptr || &recorder->run() != &run || recorder->start_ != run.starts()) {
    recorder = std::make_shared<lock_recorder>(run);
    latest() = recorder;
  }
  return recorder;
}

lock_recorder* lock_recorder::in_flight(const run_view& run) noexcept {
  const std::shared_ptr<lock_recorder> recorder = latest().lock();
  return recorder != nullptr && &recorder->run() == &run ? recorder.get() : nullptr;
}

lock_recorder::lock_recorder(run_view& run)
    : run_(&run),
      start_(run.starts()),
      memory_(static_cast<lock_memory*>(run.shared_memory(sizeof(lock_memory)))),
      states_(static_cast<lock_state*>(run.shared_memory(sizeof(lock_state) * most_threads))),
      blocks_(static_cast<held_block*>(run.shared_memory(sizeof(held_block) * most_blocks))),
      blocks_used_(static_cast<std::atomic<std::uint32_t>*>(run.shared_memory(sizeof(std::atomic<std::uint32_t>)))) {
  find_static_data();  // in the parent, for all processes that it forks
}

bool lock_recorder::is_led_by(const void* check) noexcept {
  if (leader_ == nullptr) leader_ = check;
  return leader_ == check;
}

// In a process that has just been forked; a child before it may have died in the middle of anything.
void lock_recorder::batch_started() {
  memory_->lock.store(0, std::memory_order_relaxed);
  find_static_data();
  classes_ = {};
  kept_tuples_seen_ = 0;
  tuple_mark_ = memory_->of_trial.tuples.count.load();
  node_mark_ = memory_->of_trial.nodes.count.load();
  instance_mark_ = memory_->of_trial.instance_count.load();
}

void lock_recorder::trial_started(run_view& run) {
  make_room_for_addresses();
  memory_->epoch.fetch_add(1, std::memory_order_relaxed);
  memory_->retirements.fetch_add(1, std::memory_order_relaxed);
  phase_ = 0;
  run_ = &run;
  if (thread_record* record = this_thread()) {
    lock_state& state = state_of(*record);
    const std::uint32_t identity = identity_of(*memory_, *record, nullptr, 0);
    prepare(*record, state, identity, first_clock(*memory_, identity));
  }
  set_lock_observer(this);
}

void lock_recorder::prepare(thread_record& record, lock_state& state, std::uint32_t identity,
                            std::uint32_t clock) noexcept {
  state.count = state.nodes_known = 0;
  record.held_count.store(0, std::memory_order_relaxed);
  state.identity = identity;
  state.clock = clock;
  state.epoch = memory_->epoch.load(std::memory_order_relaxed);
  state.is_busy = 0;
  state.joining.store(0, std::memory_order_relaxed);
  state.awaits_phase.store(0, std::memory_order_relaxed);
  // Later walks may find other calls in the frames of those that have returned. Executions are short: each is walked.
  state.walks_left = run_->has_short_trials() ? ~0u : 256;
  state.stack_lock_count = 0;
  state.lowest_stack_lock = std::numeric_limits<std::uintptr_t>::max();
}

// A thread that outlived the trial it was seen in last: what it did then is over.
void lock_recorder::catch_up(thread_record& record, lock_state& state) noexcept {
  const std::uint32_t identity = identity_of(*memory_, record, nullptr, 0);
  prepare(record, state, identity, first_clock(*memory_, identity));
}

void lock_recorder::phase_starting(run_view&) {
  thread_record* self = this_thread();
  if (self == nullptr) return;
  ++phase_;
  lock_state& state = state_of(*self);
  phase_clock_ = state.clock;
  state.clock = advanced(*memory_, state.clock);
  state.awaits_phase.store(phase_, std::memory_order_release);
}

void lock_recorder::phase_ended(run_view& run) {
  thread_record* self = this_thread();
  if (self == nullptr) return;
  lock_state& state = state_of(*self);
  state.awaits_phase.store(0, std::memory_order_relaxed);
  thread_record* records = run.threads();
  for (std::uint32_t i = 0, count = run.thread_count(); i < count; ++i) {
    if (records[i].is_used.load(std::memory_order_relaxed) == 0 || records[i].kind != thread_kind::worker) continue;
    const lock_state& worker = state_of(records[i]);
    if (worker.phase == phase_ && worker.epoch == state.epoch)
      state.clock = merged(*memory_, state.identity, state.clock, worker.clock);
  }
}

void lock_recorder::thread_started(run_view&, thread_record& record) noexcept {
  lock_state& state = state_of(record);
  if (record.kind == thread_kind::created && state.is_prepared != 0) {
    state.is_prepared = 0;
    return;
  }
  const std::uint32_t identity = identity_of(*memory_, record, nullptr, 0);
  const bool is_worker = record.kind == thread_kind::worker;
  prepare(record, state, identity,
          is_worker ? merged(*memory_, identity, 0, phase_clock_) : first_clock(*memory_, identity));
  state.phase = is_worker ? phase_ : 0;
}

void lock_recorder::thread_ended(run_view&, thread_record& record) noexcept {
  lock_state& state = state_of(record);
  if (state.epoch != memory_->epoch.load(std::memory_order_relaxed)) return;
  if (reports_misuse)
    for (std::uint32_t i = 0; i < state.count; ++i) {
      const held_lock& held = state.held_at(record, i);
      if (!is_still_taken(held.lock, held.kind)) continue;  // unlocked by a stranger, which has been reported
      report_misuse(*this, misuse::thread_ended_holding, record,
                    {held.lock, held.pc, held.mode, held.kind, request_kind::blocking, nullptr}, {&record, i});
    }
  state.count = state.nodes_known = 0;
  record.held_count.store(0, std::memory_order_relaxed);
}

void lock_recorder::created(thread_record& parent, thread_record& child) noexcept {
  lock_state& creator = state_of(parent);
  if (creator.epoch != memory_->epoch.load(std::memory_order_relaxed)) catch_up(parent, creator);
  lock_state& fresh = state_of(child);
  const std::uint32_t identity = identity_of(*memory_, child, &parent, creator.identity);
  prepare(child, fresh, identity, merged(*memory_, identity, 0, creator.clock));
  fresh.phase = 0;
  fresh.is_prepared = 1;
  creator.clock = advanced(*memory_, creator.clock);
}

void lock_recorder::joining(thread_record& parent, thread_record& child) noexcept {
  lock_state& state = state_of(parent);
  parent.wait_number.store(parent.wait_number.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  capture_unwound_stack(state.wanted_stack);
  state.wanted_stack_number = parent.wait_number.load(std::memory_order_relaxed);
  state.joining.store(child.slot + 1, std::memory_order_release);
}

void lock_recorder::not_joined(thread_record& parent, thread_record&) noexcept {
  state_of(parent).joining.store(0, std::memory_order_relaxed);
}

void lock_recorder::joined(thread_record& parent, thread_record& child) noexcept {
  lock_state& state = state_of(parent);
  state.joining.store(0, std::memory_order_relaxed);
  if (state.epoch != memory_->epoch.load(std::memory_order_relaxed)) catch_up(parent, state);
  const lock_state& ended = state_of(child);
  if (ended.epoch == state.epoch) state.clock = merged(*memory_, state.identity, state.clock, ended.clock);
}

void lock_recorder::trial_ended(run_view& run) {
  set_lock_observer(nullptr);
  if (thread_record* record = this_thread(); record != nullptr && reports_misuse) {
    lock_state& state = state_of(*record);
    for (std::uint32_t i = 0; i < state.count; ++i) {
      const held_lock& held = state.held_at(*record, i);
      if (is_static(held.lock) && !is_still_taken(held.lock, held.kind)) continue;
      report_misuse(*this, misuse::trial_ended_holding, *record,
                    {held.lock, held.pc, held.mode, held.kind, request_kind::blocking, nullptr}, {record, i});
    }
    state.count = 0;
    record->held_count.store(0, std::memory_order_relaxed);
  }
  auto& area = memory_->of_trial;
  const bool is_kept = has_suspicious_tuples();
  spin_guard guard(memory_->lock);
  if (is_kept) {
    tuple_mark_ = area.tuples.count.load();
    node_mark_ = area.nodes.count.load();
    instance_mark_ = area.instance_count.load();
  }
  if (area.nodes.count.load() != 0 || area.tuples.count.load() != 0) {
    area.tuples.restart(tuple_mark_);
    area.nodes.restart(node_mark_);
    area.instance_count.store(instance_mark_);
  } else {
    area.instance_count.store(instance_mark_);
  }
  if (tuple_mark_ > area.tuples.capacity / 2 || node_mark_ > area.nodes.capacity / 2 ||
      instance_mark_ > area.instance_capacity / 2)
    run.end_batch_after_this_trial();
}

// By class: a cycle of instances is one of classes, too. A tuple whose cycle is closed only by a later trial's
// is let go here, and caught when a trial repeats it.
bool lock_recorder::has_suspicious_tuples() {
  auto& kept = memory_->kept.tuples;
  auto& fresh = memory_->of_trial.tuples;
  const std::uint32_t kept_count = kept.count.load(), count = fresh.count.load();
  if (count == tuple_mark_) return false;
  const auto each_edge = [&](const lock_tuple& tuple, auto act) {
    const std::uint64_t wanted = memory_->instance(tuple.wanted).class_key();
    for (reference held = tuple.held; held != 0; held = memory_->node(held).below)
      act(memory_->instance(memory_->node(held).instance).class_key(), wanted);
  };
  const auto add = [&](std::uint64_t held, std::uint64_t wanted) { classes_.add(held, wanted); };
  for (; kept_tuples_seen_ < kept_count; ++kept_tuples_seen_) each_edge(kept.items[kept_tuples_seen_], add);
  for (std::uint32_t i = tuple_mark_; i < count; ++i) each_edge(fresh.items[i], add);
  bool is_suspicious = false;
  for (std::uint32_t i = tuple_mark_; i < count && !is_suspicious; ++i)
    each_edge(fresh.items[i], [&](std::uint64_t held, std::uint64_t wanted) {
      is_suspicious = is_suspicious || classes_.is_on_cycle(held, wanted);
    });
  return is_suspicious;
}

void lock_recorder::forget_trial_tuples() noexcept {
  memory_->of_trial.tuples.restart(0);
  memory_->of_trial.nodes.restart(0);
  memory_->of_trial.instance_count.store(0);
  // Entries of ended locks must not lead to the instances that take their place: epochs never repeat, and
  // those of the last epoch end here.
  memory_->epoch.fetch_add(1, std::memory_order_relaxed);
  memory_->retirements.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace ravel::checks
