// SPDX-License-Identifier: MIT
// An execution that cannot go on: the child leaves behind where each thread is and ends, the parent makes a finding of
// it. All threads wait for each other: deadlock, lost wake-up. The point budget is spent: livelock when all threads
// repeat themselves (engine/judging.cpp), else the question stays open, and where the execution was is told for
// information. Starvation is, too, not as a fault: that a thread looks at the same memory all the time while others go
// on may as well mean that the budget is too short for what it waits for.
#include "given_up.hpp"

#include "base/process_end.hpp"
#include "base/stack.hpp"
#include "process/run.hpp"

#include <algorithm>
#include <string_view>

namespace ravel::detail {

namespace {

exploration* in_flight = nullptr;

constexpr std::uint32_t looks_of_one_who_starves = 128;

void tell_where(const controlled_thread& thread) noexcept {
  thread_record* record = thread.record;
  if (record == nullptr || thread.state == standing::done || thread.is_daemon) return;
  record->blocked_in.clear();
  if (thread.state == standing::blocked) record->blocked_in.add(word_for(thread.pending.what));
  record->blocked_on = thread.pending.object;
  capture_suspended(record->snapshot, thread.frame, {record->stack_low, record->stack_high});
  record->snapshot_taken.store(2, std::memory_order_release);  // after the snapshot
}

bool waits_for_wake(const thread_record& record) noexcept {
  const char first = record.blocked_in.c_str()[0];
  return first == 'w' || first == 'a';  // wait, acquire
}

void add_waiting_thread(raw_finding& finding, const thread_record& record) {
  raw_actor& actor = finding.add_actor();
  actor.thread.add(record.name.c_str());
  if (record.blocked_in.empty())
    actor.action.add("was at");
  else
    actor.action.add("waits for ever in ").add(record.blocked_in.c_str());
  actor.stack = record.snapshot;
}

template <class Wanted>
std::uint32_t add_threads(run& run, raw_finding& finding, Wanted is_wanted) {
  std::uint32_t count = 0;
  for (std::uint32_t slot = 0; slot < run.thread_count(); ++slot) {
    const thread_record& record = run.threads()[slot];
    if (record.is_used.load() == 0 || record.snapshot_taken.load() != 2 || !is_wanted(record)) continue;
    if (++count <= raw_finding::max_actors) add_waiting_thread(finding, record);
  }
  return count;
}

std::uint64_t signature_of_waits(run& run) {
  std::uint64_t hash = 31;
  for (std::uint32_t slot = 0; slot < run.thread_count(); ++slot) {
    const thread_record& record = run.threads()[slot];
    if (record.is_used.load() == 0 || record.snapshot_taken.load() != 2) continue;
    // Which of several equal threads it is makes no other finding: the sum does not depend on the order.
    hash += mix_text(mix_stack(7, record.snapshot, 3), record.blocked_in.c_str());
  }
  return hash;
}

void report_stuck(run& run) {
  bool is_explained = false;
  run.tell([&](observer& one) { is_explained = one.is_stuck(run) || is_explained; });
  if (is_explained) return;
  bool has_waiter = false, has_locker = false, has_reader = false;
  for (std::uint32_t slot = 0; slot < run.thread_count(); ++slot) {
    const thread_record& record = run.threads()[slot];
    if (record.is_used.load() == 0 || record.snapshot_taken.load() != 2) continue;
    has_waiter = has_waiter || waits_for_wake(record);
    has_locker = has_locker || record.blocked_in.c_str()[0] == 'l';
    has_reader = has_reader || record.blocked_in.c_str()[0] == 'i';
  }
  const finding_kind kind = has_reader                  ? finding_kind::uncontrolled
                            : has_waiter && !has_locker ? finding_kind::lost_wakeup
                                                        : finding_kind::deadlock;
  raw_finding* finding = open_finding(kind, signature_of_waits(run));
  if (finding == nullptr) return;
  finding->check.add("explore");
  finding->what.add(kind == finding_kind::lost_wakeup ? "every thread waits to be woken, and nobody is left to do it"
                    : kind == finding_kind::uncontrolled
                        ? "no thread can go on but by input from outside of what is controlled, and none came"
                        : "no thread can go on");
  // The body's thread waits in trial.run() for the others: it says nothing new unless it is alone.
  const std::uint32_t workers =
      add_threads(run, *finding, [](const thread_record& record) { return record.kind != thread_kind::body; });
  if (workers == 0) add_threads(run, *finding, [](const thread_record&) { return true; });
  if (workers > raw_finding::max_actors)
    finding->add_note().add_number(workers - raw_finding::max_actors).add(" more threads wait, too");
  publish(finding);
}

// As further actors: they are places, whose lines are found like those of stacks.
void add_hot_places(run& run, raw_finding& finding, const given_up& end) {
  for (std::uint32_t i = 0; i < end.hot_count && finding.actor_count < raw_finding::max_actors; ++i) {
    raw_actor& actor = finding.add_actor();
    actor.thread.add(run.threads()[end.hot[i].slot].name.c_str());
    actor.action.add("made ").add_number(end.hot[i].percent).add(" % of the last steps at");
    actor.stack.depth = 1;
    actor.stack.pc[0] = end.hot[i].pc;
  }
}

void report_starvation(run& run, const given_up& end) {
  const auto is_starving = [&](const thread_record& record) {
    return std::find(end.starving, end.starving + end.starving_count, record.slot) != end.starving + end.starving_count;
  };
  std::uint64_t signature = 37;
  for (std::uint32_t i = 0; i < end.starving_count; ++i)
    signature += mix_stack(7, run.threads()[end.starving[i]].snapshot, 3);
  raw_finding* finding = open_finding(finding_kind::starvation, signature);
  if (finding == nullptr) return;
  finding->check.add("explore");
  finding->is_informative = true;
  finding->what.add("of ").add(run.threads()[end.starving[0]].name.c_str());
  if (end.starving_count > 1) finding->what.add(" and ").add_number(end.starving_count - 1).add(" more");
  finding->what.add(", which waits by looking at the same memory, while others go on and none of them ends its wait");
  add_threads(run, *finding, is_starving);
  for (std::uint32_t i = 0; i < finding->actor_count; ++i) {
    finding->actor[i].action.clear();
    finding->actor[i].action.add("waits by looking again and again");
  }
  add_threads(run, *finding,
              [&](const thread_record& record) { return record.kind != thread_kind::body && !is_starving(record); });
  finding->add_note()
      .add("the execution was given up after ")
      .add_number(end.points)
      .add(
          " points, all of its threads had their turns; if what is waited for takes longer, raise .points (RAVEL_POINTS)");
  add_hot_places(run, *finding, end);
  publish(finding);
}

// The body's thread that waits for the others says nothing new; a program's main does what others do.
bool is_worth_telling(const thread_record& record) {
  return record.kind != thread_kind::body || std::string_view(record.blocked_in.c_str()) != word_for(operation::join);
}

void report_over_budget(run& run, exploration& explore, const given_up& end) {
  explore.shared->counts.over_budget.fetch_add(1);
  if (end.starving_count != 0) return report_starvation(run, end);
  raw_finding* finding = open_finding(finding_kind::given_up, 41);
  if (finding == nullptr) return;
  finding->check.add("explore");
  finding->is_informative = true;
  finding->what.add("an execution did not end within ")
      .add_number(explore.limits.points)
      .add(" points: it goes on and on, or is long");
  add_threads(run, *finding, is_worth_telling);
  add_hot_places(run, *finding, end);
  publish(finding);
}

void report_livelock(run& run) {
  raw_finding* finding = open_finding(finding_kind::livelock, signature_of_waits(run));
  if (finding == nullptr) return;
  finding->check.add("explore");
  finding->what.add("the threads go round for ever: each repeats the same steps and reads the same values");
  add_threads(run, *finding, is_worth_telling);
  for (std::uint32_t i = 0; i < finding->actor_count; ++i) {
    if (std::string_view(finding->actor[i].action.c_str()) != "was at") continue;
    finding->actor[i].action.clear();
    finding->actor[i].action.add("goes round at");
  }
  finding->add_note()
      .add("seen when each had done so more than ")
      .add_number(repetition::fewest_times)
      .add(" times in a row, by fair turns");
  publish(finding);
}

}  // namespace

// Only a fair schedule shows it: in the second half each thread that could go on had its turn.
void tell_who_starves(execution& execution, given_up& end) noexcept {
  const std::uint64_t second_half = execution.points() / 2;
  end.starving_count = 0;
  for (std::uint32_t i = 0; i < execution.thread_count(); ++i) {
    const controlled_thread& one = execution.thread(i);
    if (one.state == standing::ready && &one != control.running && one.few_since < second_half) return;
  }
  for (std::uint32_t i = 0; i < execution.thread_count(); ++i) {
    const controlled_thread& one = execution.thread(i);
    if (one.record == nullptr || one.state != standing::ready || one.looks < looks_of_one_who_starves) continue;
    if (end.starving_count < given_up::most_starving) end.starving[end.starving_count++] = one.record->slot;
  }
}

void set_exploration_in_flight(exploration* explore) noexcept { in_flight = explore; }

namespace {

void tell_hot_places(execution& execution, given_up& end) noexcept {
  hot_place places[repetition::most_hot];
  std::uint64_t all = 0;
  const std::uint32_t count = execution.judged().hottest(places, all);
  end.hot_count = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const thread_record* record = execution.thread(places[i].thread).record;
    if (record == nullptr) continue;
    end.hot[end.hot_count++] = {places[i].pc, record->slot, static_cast<std::uint32_t>(places[i].times * 100 / all)};
  }
}

}  // namespace

void note_given_up(execution& execution, ending how) noexcept {
  for (std::uint32_t i = 0; i < execution.thread_count(); ++i) {
    controlled_thread& one = execution.thread(i);
    if (&one == control.running) one.frame = __builtin_frame_address(0);
    tell_where(one);
  }
  given_up& end = in_flight->shared->end;
  end.how = how;
  end.points = execution.points();
  tell_who_starves(execution, end);
  tell_hot_places(execution, end);
  end.is_set.store(1, std::memory_order_release);
}

void leave_given_up(execution& execution, ending how) noexcept {
  note_given_up(execution, how);
  end_process(0);
}

void report_given_up(run& run, exploration& explore) {
  given_up& end = explore.shared->end;
  if (end.how == ending::stuck)
    report_stuck(run);
  else if (end.how == ending::too_many_objects)
    explore.shared->counts.too_many_objects.fetch_add(1);
  else if (end.how == ending::livelock)
    report_livelock(run);
  else
    report_over_budget(run, explore, end);
  explore.shared->counts.executions.fetch_add(1);
  explore.keep_schedule(run.shared->control.trial.load());
  end.is_set.store(0);
}

}  // namespace ravel::detail
