// SPDX-License-Identifier: MIT
// See batch.hpp.
#include "batch.hpp"

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

#include <unistd.h>

#include <cstdio>

namespace ravel::detail {

namespace {

void mark_movement(run_control& control) { control.moved_ns.store(static_cast<std::uint64_t>(seconds_now() * 1e9)); }

void run_body(run& run, job_runner& pool, const body& body, std::uint64_t number) {
  try {
    trial::state state(run, pool, number);
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
    control.most_threads.store(control.threads_in_trial.load());
  control.trials_completed.fetch_add(1);
  control.trial.store(0);
  control.stage.store(static_cast<std::uint32_t>(stage::between));
  if (run.explore == nullptr) mark_movement(control);  // executions are short: the mark at their start will do
}

void run_trial(run& run, job_runner& pool, const body& body, std::uint64_t attempt, std::uint64_t number) {
  run_control& control = run.shared->control;
  control.attempt.store(attempt);
  control.phase.store(0);
  control.threads_in_trial.store(0);
  mark_movement(control);
  control.stage.store(static_cast<std::uint32_t>(stage::body));
  control.trial.store(number);
  if (run.explore == nullptr) set_noise(run.options.noise, run.options.seed, number);
  if (thread_record* self = this_thread()) self->children = 0;
  run.tell([&](observer& one) { one.trial_started(run); });
  if (run.explore != nullptr) begin_execution(*run.explore, run.options.seed, number, this_thread());
  run_body(run, pool, body, number);
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
  std::uint32_t findings_noted = run.shared->findings.used.load();
  if (run.explore != nullptr) run.explore->shared->batch_start = trial_of(run, plan, plan.first_attempt);
  for (std::uint64_t attempt = plan.first_attempt; attempt <= plan.last_attempt; ++attempt) {
    if (attempt > plan.first_attempt && seconds_now() >= run.deadline) break;  // the parent has looked before the first
    if (plan.replayed_trial == 0 && run.explore != nullptr && run.explore->chosen->is_exhausted()) break;
    const std::uint64_t number = trial_of(run, plan, attempt);
    run_trial(run, pool, body, attempt, number);
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
  control.stage.store(static_cast<std::uint32_t>(stage::finished));
  leave_batch();
}

}  // namespace

void run_batch(run& run, const body& body, const batch_plan& plan) {
  run_control& control = run.shared->control;
  control.stage.store(static_cast<std::uint32_t>(stage::starting));
  mark_movement(control);
  if (run.is_program && !run.asked.replay) silence_program();
  enter_batch();
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
