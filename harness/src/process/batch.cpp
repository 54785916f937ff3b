// SPDX-License-Identifier: MIT
// See batch.hpp.
#include "batch.hpp"

#include "base/silence.hpp"
#include "base/steady_clock.hpp"
#include "coverage.hpp"
#include "crash.hpp"
#include "intercept/count_calls.hpp"
#include "left_processes.hpp"
#include "record/batch_process.hpp"
#include "record/escaped_exception.hpp"
#include "record/library_calls.hpp"
#include "workers/job_runner.hpp"
#include "workers/trial_state.hpp"

#include <ravel/usage_error.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>

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
  settle_left_processes(run);
  run.tell_in_reverse([&](observer& one) { one.trial_ended(run); });
  if (control.threads_in_trial.load() > control.most_threads.load())
    set(control.most_threads, control.threads_in_trial.load());
  set(control.trials_completed, control.trials_completed.load() + 1);
  set(control.trial, std::uint64_t{0});
  set_stage(control, stage::between);
  if (!run.kind.has_short_trials()) mark_movement(control);  // else the mark at their start will do
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
  if (thread_record* self = this_thread()) self->children = 0;
  count_calls_into_unseen_modules();
  forget_calls();
  run.tell([&](observer& one) { one.trial_started(run); });
  run.kind.begin_trial(run, number);
  run_body(state, body, number);
  run.kind.end_trial();
  close_trial(run);
}

}  // namespace

// What the body's phases tell the observers.
class phase_notices final : public phase_listener {
 public:
  explicit phase_notices(run& run) : run_(run) {}
  void phase_starting() override {
    run_.tell([&](observer& one) { one.phase_starting(run_); });
  }
  void phase_ended() override {
    run_.tell_in_reverse([&](observer& one) { one.phase_ended(run_); });
  }

 private:
  run& run_;
};

namespace {

void run_trials(run& run, job_runner& pool, const body& body, const batch_plan& plan) {
  run_control& control = run.shared->control;
  phase_notices notices(run);
  trial::state state({run.options.seed, *run.shared, notices}, pool);
  std::uint32_t findings_noted = run.shared->findings.used.load();
  for (std::uint64_t attempt = plan.first_attempt; attempt <= plan.last_attempt; ++attempt) {
    const double now = seconds_now();
    if (attempt > plan.first_attempt && now >= run.deadline) break;  // the parent has looked before the first
    if (plan.replayed_trial == 0 && run.kind.is_exhausted()) break;
    const std::uint64_t number = run.kind.number_of(plan, attempt);
    run_trial(run, state, body, attempt, number, now);
    const std::uint32_t findings = run.shared->findings.used.load();
    const bool has_found_more = findings != findings_noted;
    if (has_found_more) run.kind.keep(number);
    if (has_found_more || attempt == plan.first_attempt) note_modules(run.shared->modules);
    findings_noted = findings;
    if (!control.usage_error.empty() || control.ends_batch.load() != 0) break;
    if (plan.replayed_trial != 0 && findings != 0) break;
    if (has_found_more && run.options.stop_after != 0) break;  // the parent judges whether it is enough
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

thread_record* begin_batch(run& run, const batch_plan& plan, bool watches_death) {
  run_control& control = run.shared->control;
  set_stage(control, stage::starting);
  mark_movement(control);
  if (run.options.is_program && !run.asked.replay) silence_output();
  enter_batch();
  run.kind.prepare_process(run, plan);
  thread_record* self = run.shared->threads.claim(thread_kind::body);
  self->name.add("main");
  adopt_record(self);
  self->is_alive.store(1);
  if (watches_death) watch_own_death();
  start_coverage_of_child();
  run.tell([&](observer& one) { one.batch_started(run); });
  return self;
}

}  // namespace

void run_batch(run& run, const body& body, const batch_plan& plan) {
  thread_record* self = begin_batch(run, plan, true);
  {
    const std::unique_ptr<job_runner> runner = run.kind.start_batch(run, plan);
    run_trials(run, *runner, body, plan);
  }
  close_batch(run, *self);
}

struct open_batch::state {
  state(run& of, const body& given, const batch_plan& plan)
      : inner(of),
        run_body(given),
        record(begin_batch(of, plan, false)),
        runner(of.kind.start_batch(of, plan)),
        notices(of),
        of_trial({of.options.seed, *of.shared, notices}, *runner) {}
  run& inner;
  const body& run_body;
  thread_record* record;
  std::unique_ptr<job_runner> runner;
  phase_notices notices;
  trial::state of_trial;
};

open_batch::open_batch(run& run, const body& body, const batch_plan& plan) {
  run.hosted = true;
  state_ = std::make_unique<state>(run, body, plan);
}

open_batch::~open_batch() {
  run& run = state_->inner;
  thread_record& self = *state_->record;
  state_.reset();
  close_batch(run, self);
}

void open_batch::run_one(std::uint64_t trial) {
  run_trial(state_->inner, state_->of_trial, state_->run_body, trial, trial, seconds_now());
  if (const auto& misuse = state_->inner.shared->control.usage_error; !misuse.empty())
    throw usage_error(misuse.c_str());
}

void finish_program_batch(run& run) {
  const std::uint64_t number = run.trial();
  run.kind.abandon_trial();
  close_trial(run);
  bool has_found = false;
  run.shared->findings.for_each(
      [&](const finding_slot& slot) { has_found = has_found || slot.first_trial.load() == number; });
  if (has_found) run.kind.keep(number);
  close_batch(run, run.threads()[0]);
}

}  // namespace ravel::detail
