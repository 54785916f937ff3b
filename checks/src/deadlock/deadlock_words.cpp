// SPDX-License-Identifier: MIT
// Words for deadlocks, and what a hang's report says of locks: who holds and who wants what.
// In the parent, while the child stands still.
#include "deadlock_check.hpp"

#include "locks/misuse.hpp"

#include "locks/lock_names.hpp"
#include "locks/seen_deadlocks.hpp"

#include <ravel/checks/deadlock.hpp>

#include <algorithm>
#include <string>

namespace ravel::checks {

namespace {

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

const held_lock* held_by(const thread_record& record, const void* lock, std::uint32_t* position) {
  const std::uint32_t held = std::min(record.held_count.load(), thread_record::max_held);
  for (std::uint32_t i = 0; i < held; ++i)
    if (record.held[i].lock == lock) {
      *position = i;
      return &record.held[i];
    }
  return nullptr;
}

std::string name_of(lock_recorder& recorder, const void* lock, stack_frames& frames) {
  const holding holder = find_holder(recorder, lock, nullptr);
  if (holder.record == nullptr) return lock_name(lock, lock_kind::custom, nullptr, nullptr, frames);
  const acquisition& taken = recorder.state_of(*holder.record).taken_at(holder.position);
  raw_stack stack;
  lock_recorder::kept_stack(taken, stack);
  return lock_name(lock, holder.record->held[holder.position].kind, taken.class_name, &stack, frames);
}

void set_wanted_stack(const thread_record& record, const lock_state& state, raw_stack& into) {
  // Explore mode: where it stands was looked at when nobody could go on.
  if (!record.blocked_in.empty() && record.snapshot_taken.load() == 2)
    for (std::uint32_t first = 0; first < record.snapshot.depth; ++first) {
      if (record.snapshot.pc[first] != record.wanted_pc) continue;
      into.depth = record.snapshot.depth - first;
      for (std::uint32_t i = 0; i < into.depth; ++i) into.pc[i] = record.snapshot.pc[first + i];
      drop_garbage(into);
      return;
    }
  if (state.wanted_stack_number == record.wait_number.load()) {
    into = state.wanted_stack;
    return;
  }
  into.depth = 1;
  into.pc[0] = record.wanted_pc;
}

std::string holders_of(lock_recorder& recorder, const void* lock, const thread_record* but) {
  std::vector<std::string> names;
  thread_record* records = recorder.run().threads();
  for (std::uint32_t i = 0; i < recorder.run().thread_count(); ++i) {
    std::uint32_t position = 0;
    if (&records[i] != but && records[i].is_alive.load() != 0 && held_by(records[i], lock, &position) != nullptr)
      names.push_back(records[i].name.c_str());
  }
  return list(names);
}

void add_wait(lock_recorder& recorder, raw_finding& finding, const wait_of_thread& wait, const wait_of_thread& before,
              stack_frames& frames) {
  thread_record* records = recorder.run().threads();
  const thread_record& record = records[wait.slot];
  lock_state& state = recorder.state_of(record);
  std::uint32_t position = 0;
  if (before.is_for_lock() && held_by(record, before.lock, &position) != nullptr) {
    raw_actor& holds = finding.add_actor();
    holds.thread.add(record.name.c_str());
    holds.action.add(record.held[position].mode == lock_mode::shared ? "holds (shared)" : "holds");
    holds.object.add(name_of(recorder, before.lock, frames).c_str());
    lock_recorder::kept_stack(state.taken_at(position), holds.stack);
  }
  raw_actor& wants = finding.add_actor();
  wants.thread.add(record.name.c_str());
  switch (wait.why) {
    case wait_of_thread::reason::lock:
      wants.action.add(record.wanted_mode == lock_mode::shared ? "wants (shared)" : "wants");
      wants.object.add(name_of(recorder, wait.lock, frames).c_str());
      break;
    case wait_of_thread::reason::lock_after_condition:
      wants.action.add("was woken from its condition wait and wants back");
      wants.object.add(name_of(recorder, wait.lock, frames).c_str());
      break;
    case wait_of_thread::reason::end_of_thread:
      wants.action.add("waits for the end of");
      wants.object.add(records[wait.for_slots.front()].name.c_str());
      break;
    case wait_of_thread::reason::end_of_phase: wants.action.add("waits in trial.run() for its threads"); break;
  }
  if (wait.why != wait_of_thread::reason::end_of_phase) set_wanted_stack(record, state, wants.stack);
}

std::uint64_t signature_of(lock_recorder& recorder, const std::vector<const wait_of_thread*>& circle) {
  std::vector<std::uint64_t> places;
  for (const wait_of_thread* wait : circle) {
    const thread_record& record = recorder.run().threads()[wait->slot];
    raw_stack stack{};
    if (wait->is_for_lock()) set_wanted_stack(record, recorder.state_of(record), stack);
    places.push_back(mix_stack(static_cast<std::uint64_t>(wait->why), stack));
  }
  std::ranges::sort(places);
  std::uint64_t signature = 3;
  for (const std::uint64_t place : places) signature = mix(signature, place);
  return signature;
}

void note_as_seen(lock_recorder& recorder, const std::vector<const wait_of_thread*>& circle) {
  std::vector<std::uint64_t> places;
  for (const wait_of_thread* wait : circle) {
    const thread_record& record = recorder.run().threads()[wait->slot];
    raw_stack stack;
    set_wanted_stack(record, recorder.state_of(record), stack);
    places.push_back(place_key(stack));
  }
  std::ranges::sort(places);
  deadlocks_seen().insert(places);
}

}  // namespace

void report_deadlock(lock_recorder& recorder, const std::vector<const wait_of_thread*>& circle) {
  // A thread that waits for itself has said so already, before it went to sleep.
  const bool is_self = circle.size() == 1 && circle.front()->why == wait_of_thread::reason::lock;
  if (is_self && recorder.reports_misuse) return;
  note_as_seen(recorder, circle);
  raw_finding* finding = open_finding(finding_kind::deadlock, signature_of(recorder, circle));
  if (finding == nullptr) return;
  finding->check.add("deadlock");
  stack_frames frames;
  std::vector<std::string> threads;
  for (const wait_of_thread* wait : circle) threads.push_back(recorder.run().threads()[wait->slot].name.c_str());
  finding->what.add(circle.size() == 1 ? "of " : "between ").add(list(threads).c_str());
  finding->what.add(circle.size() == 1 ? ", which waits for itself for ever" : ", which wait for each other for ever");
  for (std::size_t i = 0; i < circle.size(); ++i)
    add_wait(recorder, *finding, *circle[i], *circle[(i + circle.size() - 1) % circle.size()], frames);
  publish(finding);
}

// What waiting threads wait for; and, when all of them wait, that nobody is left to wake them.
void deadlock_check::hang_reported(run_view& run, raw_finding& hang) {
  thread_record* records = run.threads();
  std::uint32_t alive = 0, waiting = 0, on_conditions = 0;
  for (std::uint32_t slot = 0; slot < run.thread_count(); ++slot) {
    const thread_record& record = records[slot];
    if (record.is_used.load() == 0 || record.is_alive.load() == 0) continue;
    for (std::uint32_t i = 0; i < hang.actor_count; ++i)
      if (mix_text(0, hang.actor[i].thread.c_str()) == mix_text(0, record.name.c_str()))
        describe_locks(record, hang.actor[i]);
    ++alive;
    const lock_state& state = recorder_->state_of(record);
    const bool is_on_condition = record.waiting_condition.load() != nullptr;
    const bool has_limit =
        (is_on_condition || record.wanted.load() != nullptr) && record.wanted_request != request_kind::blocking;
    on_conditions += is_on_condition ? 1 : 0;
    if (!has_limit && (is_on_condition || record.wanted.load() != nullptr || state.joining.load() != 0 ||
                       state.awaits_phase.load() != 0))
      ++waiting;
  }
  if (on_conditions != 0 && waiting == alive)
    hang.add_note().add(
        "nobody is left to signal: all threads of the round wait, on conditions, locks or each other. A "
        "notification was probably lost (sent before the wait began, or without the predicate changed "
        "under the mutex), or never sent");
}

void describe_locks(const thread_record& thread, raw_actor& actor) {
  run_view* run = current_run();
  lock_recorder* recorder = run == nullptr ? nullptr : lock_recorder::in_flight(*run);
  if (recorder == nullptr) return;
  stack_frames frames;
  std::string text;
  if (const void* wanted = thread.wanted.load(); wanted != nullptr) {
    text = name_of(*recorder, wanted, frames);
    if (const std::string holders = holders_of(*recorder, wanted, &thread); !holders.empty())
      text += ", held by " + holders;
  }
  const std::uint32_t held = std::min(thread.held_count.load(), thread_record::max_held);
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < held && i < 3; ++i) names.push_back(name_of(*recorder, thread.held[i].lock, frames));
  if (held > 3) names.push_back(std::to_string(held - 3) + " more");
  if (!names.empty()) text += (text.empty() ? "(holds " : " (holds ") + list(names) + ")";
  if (!text.empty()) actor.object.add(actor.object.empty() ? "" : " ").add(text.c_str());
}

}  // namespace ravel::checks
