// SPDX-License-Identifier: MIT
// See explore_mode.hpp.
#include "explore_mode.hpp"

#include "base/affinity.hpp"
#include "base/duration_text.hpp"
#include "base/stack.hpp"
#include "controlled_pool.hpp"
#include "given_up.hpp"
#include "process/run.hpp"
#include "strategy/block.hpp"

#include <malloc.h>

#include <atomic>

namespace ravel::detail {

void explore_mode::plan(const run& run, batch_plan& plan) const {
  mode::plan(run, plan);
  if (plan.replayed_trial == 0) return;
  const token& replayed = *run.asked.replay;
  const std::uint64_t first = replayed.first != 0 ? replayed.first : replayed.trial;
  plan.first_replayed = explore_.chosen->first_needed(first);
  plan.prepared = first - plan.first_replayed;
  plan.wanted = replayed.trial - plan.first_replayed + 1;
}

// Blocks of trials stay together in a shard, because a strategy learns within one.
std::uint64_t explore_mode::number_of(const batch_plan& plan, std::uint64_t attempt) const noexcept {
  if (plan.replayed_trial != 0) return mode::number_of(plan, attempt);
  return (block_of(attempt) * plan.shards + plan.shard) * trials_per_block + (attempt - first_of_block(attempt)) + 1;
}

void explore_mode::prepare_process(const run& run, const batch_plan& plan) noexcept {
  mallopt(M_ARENA_MAX, 1);  // each further one costs several calls of the kernel, and no two threads run at once
  if (plan.first_attempt == plan.last_attempt && run.options.isolation != isolation::none && !run.is_under_valgrind())
    pin_to_one_processor();
}

std::unique_ptr<job_runner> explore_mode::start_batch(const run& /*run*/, const batch_plan& plan) {
  the_execution().batch_started();
  the_execution().hand_given_up_to(leave_given_up);
  set_exploration_in_flight(&explore_);
  explore_.shared->batch_start = number_of(plan, plan.first_attempt);
  return std::make_unique<controlled_pool>(explore_.engine);
}

void explore_mode::begin_trial(const run& run, std::uint64_t trial) noexcept {
  begin_execution(explore_, run.options.seed, trial, this_thread());
}
void explore_mode::end_trial() noexcept { end_execution(explore_); }
void explore_mode::abandon_trial() noexcept { abandon_execution(explore_); }

void explore_mode::has_forked() noexcept { the_execution().forked(); }
void explore_mode::forget() noexcept { the_execution().forget(); }

// Of threads under control those that do not run answer through whoever holds control.
bool explore_mode::answers_for_others() noexcept {
  if (control.running == nullptr) return true;
  if (in_control() == nullptr) return false;
  execution& execution = the_execution();
  for (std::uint32_t i = 0; i < execution.thread_count(); ++i) {
    const controlled_thread& one = execution.thread(i);
    if (&one == control.running || one.state == standing::done || one.record == nullptr) continue;
    say_operation(*one.record);
    capture_suspended(one.record->snapshot, one.frame, {one.record->stack_low, one.record->stack_high});
    one.record->snapshot_taken.store(2, std::memory_order_release);
  }
  return true;
}

std::uint64_t explore_mode::movement() const noexcept {
  return std::atomic_ref(explore_.shared->log.passed)
      .load(std::memory_order_relaxed);  // relaxed: only whether it grows
}

std::string explore_mode::words_for_hang(bool has_stopped) const {
  return has_stopped ? "the execution came to no further point" : "the execution did not end";
}

std::string explore_mode::advice_for_hang() const {
  return "an execution that needs longer: raise .round_limit (seconds) in the options (explore_options: "
         ".execution_limit)";
}

std::string explore_mode::words_for_own_wait(const std::string& /*library*/) const {
  return "waits on its own, by spinning and by system calls in its own code, where its threads cannot be controlled";
}

// Measured: libgomp of gcc 12 sleeps by futex calls that are no calls of a function, so settings that only make it
// sleep sooner (OMP_WAIT_POLICY=passive, GOMP_SPINCOUNT=0) do not help; LLVM's runtime has its entry points, and sleeps
// by pthread calls.
std::string explore_mode::advice_for_own_wait(const std::string& library) const {
  if (!library.starts_with("libgomp."))
    return "leave what uses it out of explore lanes; stress lanes need no control over it";
  return "cure: run on LLVM's OpenMP runtime, which takes libgomp's place: OMP_WAIT_POLICY=passive "
         "LD_PRELOAD=libomp.so.5 (Debian: libomp5; with clang, -fopenmp links it already), or OMP_THREAD_LIMIT=1, with one "
         "thread; OMP_WAIT_POLICY alone does not help, nor does GOMP_SPINCOUNT; stress lanes need none of that";
}

bool explore_mode::explains_end(run& run) {
  if (explore_.shared->end.is_set.load() == 0) return false;
  report_given_up(run, explore_);
  return true;
}

std::string explore_mode::coverage(bool is_clean) const {
  return explore_.chosen->coverage(is_clean, duration_text(explore_.limits.hold_up));
}

void explore_mode::describe(report& result) const {
  const explore_counts& counts = explore_.shared->counts;
  result.points_seen = counts.points.load();
  const std::uint64_t executions = counts.executions.load();
  if (executions == 0) return;
  result.schedules_seen = counts.distinct.load();
  if (explore_.shared->schedules.is_full())
    result.notes.push_back("there were more than " + std::to_string(result.schedules_seen) +
                           " different schedules: no more than that are told apart");
  result.switches_seen = counts.switches.load();
  result.engine = word_for(explore_.engine);
  result.strategy = explore_.chosen->name();
  if (const std::uint64_t over = counts.over_budget.load(); over != 0) {
    result.verdict = verdict::undecided;
    result.reason =
        std::to_string(over) + " of " + std::to_string(executions) + " executions passed " +
        std::to_string(explore_.limits.points) +
        " points without an end, and nothing was explored beyond; raise .points (RAVEL_POINTS), or look whether they "
        "can end at all";
  }
  if (const std::uint64_t many = counts.too_many_objects.load(); many != 0) {
    result.verdict = verdict::undecided;
    result.reason = std::to_string(many) + " of " + std::to_string(executions) + " executions used more than " +
                    std::to_string(sync_objects::capacity) +
                    " locks, conditions, threads and the like, and were given up; let one execution do less";
  }
}

}  // namespace ravel::detail
