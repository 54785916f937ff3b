// SPDX-License-Identifier: MIT
// See batch.hpp.
#include "batch.hpp"

#include "affinity.hpp"
#include "coverage.hpp"
#include "crash.hpp"
#include "engine/execution.hpp"
#include "explore/controlled_pool.hpp"
#include "explore/exploration.hpp"
#include "noise.hpp"
#include "run_hooks.hpp"
#include "strategy/block.hpp"
#include "trial_state.hpp"

#include <ravel/usage_error.hpp>

#include <malloc.h>
#include <unistd.h>

#include <cstdio>

namespace ravel::detail {

namespace {

// Written by this process, read by the parent and by signal handlers: their order is all that matters. Each store with
// the default order would cost an execution of a small body about one hundredth of its time.
template <class Value>
void set(std::atomic<Value>& word, Value value) noexcept {
  word.store(value, std::memory_order_release);
}
void set_stage(run_control& control, stage now) noexcept { set(control.stage, static_cast<std::uint32_t>(now)); }
void mark_movement(run_control& control, double now) noexcept {
  set(control.moved_ns, static_cast<std::uint64_t>(now * 1e9));
}
void mark_movement(run_control& control) noexcept { mark_movement(control, seconds_now()); }

void run_body(trial::state& state, const body& body, std::uint64_t number) {
  struct cleared {
    trial::state& state;
    ~cleared() { state.clear(); }
  } cleared{state};
  try {
    state.begin(number);
    trial trial(state);
    body(trial);
    if (!is_in_batch()) _exit(0);  // a process that the target forked and that came back from it ends here
    state.finish();
  } catch (const usage_error& misuse) {
    note_usage_error(misuse.what());
  } catch (...) {
    record_current_exception();
  }
}

void close_trial(run& run) {
  run_control& control = run.shared->control;
  run.tell_in_reverse([&](observer& one) { one.trial_ended(run); });
  if (control.threads_in_trial.load() > control.most_threads.load())
    set(control.most_threads, control.threads_in_trial.load());
  set(control.trials_completed, control.trials_completed.load() + 1);
  set(control.trial, std::uint64_t{0});
  set_stage(control, stage::between);
  if (run.explore == nullptr) mark_movement(control);  // executions are short: the mark at their start will do
}

void run_trial(run& run, trial::state& state, const body& body, std::uint64_t attempt, std::uint64_t number,
               double now) {
  run_control& control = run.shared->control;
  set(control.attempt, attempt);
  set(control.phase, 0u);
  set(control.threads_in_trial, std::uint64_t{0});
  mark_movement(control, now);
  set_stage(control, stage::body);
  set(control.trial, number);
  if (run.explore == nullptr) set_noise(run.options.noise, run.options.seed, number);
  if (thread_record* self = this_thread()) self->children = 0;
  run.tell([&](observer& one) { one.trial_started(run); });
  if (run.explore != nullptr) begin_execution(*run.explore, run.options.seed, number, this_thread());
  run_body(state, body, number);
  if (run.explore != nullptr) end_execution(*run.explore);
  close_trial(run);
}

// Blocks of trials stay together in a shard, because a strategy learns within one.
std::uint64_t number_in_explore(const batch_plan& plan, std::uint64_t attempt) {
  if (plan.replayed_trial != 0) return plan.first_replayed + attempt - 1;
  return (block_of(attempt) * plan.shards + plan.shard) * trials_per_block + (attempt - first_of_block(attempt)) + 1;
}

// In a replay, odd attempts repeat the round of the token, even ones run the others in order: the finding may
// have needed what an earlier round left behind.
std::uint64_t number_of(const batch_plan& plan, std::uint64_t attempt) {
  if (plan.replayed_trial == 0) return (attempt - 1) * plan.shards + plan.shard + 1;
  return attempt % 2 == 1 ? plan.replayed_trial : attempt / 2;
}

}  // namespace

std::uint64_t trial_of(const run& run, const batch_plan& plan, std::uint64_t attempt) noexcept {
  return run.explore != nullptr ? number_in_explore(plan, attempt) : number_of(plan, attempt);
}

namespace {

void run_trials(run& run, job_runner& pool, const body& body, const batch_plan& plan) {
  run_control& control = run.shared->control;
  trial::state state(run, pool);
  std::uint32_t findings_noted = run.shared->findings.used.load();
  if (run.explore != nullptr) run.explore->shared->batch_start = trial_of(run, plan, plan.first_attempt);
  for (std::uint64_t attempt = plan.first_attempt; attempt <= plan.last_attempt; ++attempt) {
    const double now = seconds_now();
    if (attempt > plan.first_attempt && now >= run.deadline) break;  // the parent has looked before the first
    if (plan.replayed_trial == 0 && run.explore != nullptr && run.explore->chosen->is_exhausted()) break;
    const std::uint64_t number = trial_of(run, plan, attempt);
    run_trial(run, state, body, attempt, number, now);
    const std::uint32_t findings = run.shared->findings.used.load();
    if (run.explore != nullptr && findings != findings_noted) run.explore->keep_schedule(number);
    if (findings != findings_noted || attempt == plan.first_attempt) note_modules(run.shared->modules);
    findings_noted = findings;
    if (!control.usage_error.empty() || control.ends_batch.load() != 0) break;
    if (plan.replayed_trial != 0 && findings != 0) break;
  }
}

void close_batch(run& run, thread_record& self) {
  run_control& control = run.shared->control;
  mark_movement(control);
  run.tell_in_reverse([&](observer& one) { one.batch_finishing(run); });
  note_modules(run.shared->modules);
  set_lock_observer(nullptr);
  adopt_record(nullptr);
  run.shared->threads.release(self);
  stop_watching_own_death();
  std::fflush(nullptr);
  write_coverage_of_child();
  set_stage(control, stage::finished);
  leave_batch();
}

}  // namespace

namespace {

void prepare_process(const run& run, const batch_plan& plan) noexcept {
  mallopt(M_ARENA_MAX, 1);  // each further one costs several calls of the kernel, and no two threads run at once
  if (plan.first_attempt == plan.last_attempt && run.options.isolation != isolation::none && !run.is_under_valgrind())
    pin_to_one_processor();
}

}  // namespace

void run_batch(run& run, const body& body, const batch_plan& plan) {
  run_control& control = run.shared->control;
  set_stage(control, stage::starting);
  mark_movement(control);
  if (run.is_program && !run.asked.replay) silence_program();
  enter_batch();
  if (run.explore != nullptr) prepare_process(run, plan);
  thread_record* self = run.shared->threads.claim(thread_kind::body);
  self->name.add("main");
  adopt_record(self);
  self->is_alive.store(1);
  watch_own_death();
  start_coverage_of_child();
  run.tell([&](observer& one) { one.batch_started(run); });
  if (run.explore != nullptr) {
    the_execution().batch_started();
    controlled_pool pool(run.explore->engine);
    run_trials(run, pool, body, plan);
  } else {
    worker_pool pool;
    run_trials(run, pool, body, plan);
  }
  close_batch(run, *self);
}

void finish_program_batch(run& run) {
  if (run.explore != nullptr) abandon_execution(*run.explore);
  close_trial(run);
  close_batch(run, run.threads()[0]);
}

}  // namespace ravel::detail
