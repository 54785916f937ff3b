// SPDX-License-Identifier: MIT
// See supervised_run.hpp.
#include "supervised_run.hpp"

#include "crash.hpp"
#include "explore/exploration.hpp"
#include "run_hooks.hpp"
#include "stack.hpp"

#include <ravel/environment.hpp>
#include <ravel/usage_error.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

extern "C" {
[[gnu::weak]] void __tsan_init();
}

namespace ravel::detail {

namespace {

constexpr unsigned most_hangs = 3;     // each costs the round limit
constexpr unsigned most_crashes = 20;  // each costs a fork and says little that is new

// Threads of this process when it forks are not in the children, where the locks they hold stay locked.
std::size_t other_threads_of_parent() {
  if (is_under_valgrind()) return 0;
  std::error_code error;
  std::size_t threads = 0;
  for (auto task = std::filesystem::directory_iterator("/proc/self/task", error);
       !error && task != std::filesystem::directory_iterator(); task.increment(error))
    ++threads;
  const std::size_t expected = &__tsan_init != nullptr ? 2 : 1;  // TSan may have one in the background
  return threads > expected ? threads - expected : 0;
}

bool is_failing(const finding& finding) { return !finding.is_informative && finding.suppressed.empty(); }

std::string first_word_of(const std::string& path) {
  std::ifstream file(path);
  std::string word;
  file >> word;
  return word;
}

}  // namespace

supervised_run::supervised_run(const stress_options& options, const environment& asked, const body& body,
                               exploration* explore)
    : run_(options, asked), body_(body) {
  run_.explore = explore;
  run_.is_program = options.is_program;
}

void supervised_run::prepare() {
  const stress_options& options = run_.options;
  run_.started = seconds_now();
  run_.deadline = run_.started + options.seconds;
  if (const std::size_t others = other_threads_of_parent(); others != 0 && options.isolation != isolation::none)
    notes_.push_back("this process had " + std::to_string(others) +
                     " other threads when the run started; they are not in the forked " + trials() +
                     ", and a lock that one of them held stays locked there: start the run before them, or set "
                     "RAVEL_ISOLATION=none");
  // The unwinder sets itself up at its first use, in ways that Helgrind takes for a race: here, before any thread.
  raw_stack warm{};
  improve_by_unwinding(warm, 0);
  // The main thread's come from /proc, which would cost each forked process dearly.
  static_cast<void>(bounds_of_this_thread());
  run_.make_observers();
  note_modules(run_.shared->modules);
  plan_.shard = run_.asked.shard;
  plan_.shards = run_.asked.shards;
  if (run_.asked.replay) plan_.replayed_trial = run_.asked.replay->trial;
  if (run_.explore != nullptr) {
    wanted_ = options.rounds / plan_.shards + (plan_.shard < options.rounds % plan_.shards ? 1 : 0);
    if (plan_.replayed_trial != 0) {
      const token& replayed = *run_.asked.replay;
      const std::uint64_t first = replayed.first != 0 ? replayed.first : replayed.trial;
      const std::uint64_t needed = run_.explore->chosen->first_needed(first);
      aim_at(needed, replayed.trial, first - needed);
    }
  } else {
    wanted_ = plan_.replayed_trial != 0 ? std::max<std::uint64_t>(2 * options.rounds, 1000)
                                        : (options.rounds + plan_.shards - 1 - plan_.shard) / plan_.shards;
  }
  if (wanted_ == 0) wanted_ = 1;  // more shards than rounds: one each, so that no shard is empty
}

void supervised_run::aim_at(std::uint64_t first, std::uint64_t last, std::uint64_t prepared) {
  plan_.replayed_trial = last;
  plan_.first_replayed = first;
  plan_.prepared = prepared;
  wanted_ = last - first + 1;
  run_.shared->findings.first_counted.store(last);
}

void supervised_run::repeat(std::uint64_t first, std::uint64_t last, std::uint64_t prepared) {
  hangs_ = crashes_ = 0;
  aim_at(first, last, prepared);
  work();
}

batch_end supervised_run::run_one_batch(const limits& limits) {
  if (run_.options.isolation == isolation::none) {
    run_batch(run_, body_, plan_);
    return batch_end::finished;
  }
  std::fflush(nullptr);
  // Before the child exists: until it says so itself, it must not look as if it had been stuck for ever.
  run_.shared->control.moved_ns.store(static_cast<std::uint64_t>(seconds_now() * 1e9));
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error(std::string("cannot fork: ") + std::strerror(errno));
  if (child == 0) {
    // What the target prints survives a crash; a program's goes nowhere.
    if (!run_.is_program || run_.asked.replay) std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    run_batch(run_, body_, plan_);
    end_process(0);
  }
  return supervise(run_, child, limits);
}

void supervised_run::go() {
  prepare();
  work();
}

void supervised_run::work() {
  const stress_options& options = run_.options;
  std::uint64_t per_batch = options.isolation == isolation::trial ? 1 : options.rounds_per_batch;
  if (per_batch == 0) per_batch = wanted_;
  const double slower = is_under_valgrind() ? 5 : 1;
  const limits limits{options.round_limit * slower,
                      options.memory_limit_mb != 0 ? options.memory_limit_mb << 20 : default_memory_limit()};
  bool goes_on = true;
  while (goes_on && attempts_made() < wanted_ && (attempts_made() == 0 || seconds_now() < run_.deadline)) {
    plan_.first_attempt = attempts_made() + 1;
    const std::uint64_t last = attempts_made() < plan_.prepared ? plan_.prepared : wanted_;
    plan_.last_attempt = std::min(last, attempts_made() + per_batch);
    run_.shared->control.batch.fetch_add(1);
    const batch_end end = run_one_batch(limits);
    run_.tell([&](observer& one) { one.batch_ended(run_, end == batch_end::finished); });
    goes_on = settle(end);
    if (plan_.replayed_trial == 0 && run_.explore != nullptr && run_.explore->chosen->is_exhausted()) goes_on = false;
  }
}

bool supervised_run::settle(batch_end end) {
  run_control& control = run_.shared->control;
  if (!control.usage_error.empty()) throw usage_error(control.usage_error.c_str());
  const bool has_moved = attempts_made() >= plan_.first_attempt;
  if (!has_moved) {
    broken_ =
        "the process for " + trials() + " " + std::to_string(plan_.first_attempt) + ".. ended before its first one";
    return false;
  }
  if (control.threads_in_trial.load() > control.most_threads.load())
    control.most_threads.store(control.threads_in_trial.load());
  const std::uint64_t attempted_trial = control.trial.load();
  control.trial.store(0);
  control.death_is_noted.store(0);
  control.ends_batch.store(0);
  forget_dead_threads();
  if (run_.explore != nullptr && run_.shared->findings.used.load() != 0 && end != batch_end::finished)
    run_.explore->keep_schedule(attempted_trial);
  if (plan_.replayed_trial != 0 && run_.shared->findings.used.load() != 0) return false;
  switch (end) {
    case batch_end::finished: return true;
    case batch_end::hung:
    case batch_end::deadlocked:
      if (++hangs_ < most_hangs) return true;
      notes_.push_back("stopped after " + std::to_string(hangs_) + " " + trials() +
                       " that did not end; mend those first");
      return false;
    default:
      if (++crashes_ < most_crashes) return true;
      notes_.push_back("stopped after " + std::to_string(crashes_) + " " + trials() +
                       " that ended their process; mend those first");
      return false;
  }
}

void supervised_run::forget_dead_threads() {
  if (run_.options.isolation == isolation::none) return;  // they may still run
  for (std::uint32_t slot = 0; slot < run_.thread_count(); ++slot)
    if (run_.threads()[slot].is_used.load() != 0) run_.shared->threads.release(run_.threads()[slot]);
}

void supervised_run::describe(report& result) {
  result.is_program = run_.is_program;
  const run_control& control = run_.shared->control;
  const environment& asked = run_.asked;
  result.mode = run_.explore == nullptr ? "stress" : "explore";
  result.name = run_.options.name;
  result.lane = asked.lane.empty() ? result.mode : asked.lane;
  result.variant = asked.variant.empty() ? "plain" : asked.variant;
  result.seed = run_.options.seed;
  result.trials_run = attempts_made();
  result.trials_wanted = plan_.replayed_trial != 0 ? result.trials_run : wanted_;
  result.threads_seen = control.most_threads.load();
  result.seconds = seconds_now() - run_.started;
  result.notes = notes_;
  result.uninstrumented = uninstrumented_modules(result.variant);
  for (const std::string& name : asked.uninstrumented)
    if (std::ranges::find(result.uninstrumented, name) == result.uninstrumented.end())
      result.uninstrumented.push_back(name);
  if (run_.explore != nullptr) describe_exploration(result);
}

report supervised_run::make_report() {
  report result;
  describe(result);
  const run_control& control = run_.shared->control;
  run_.tell([&](observer& one) { one.batches_ended(run_); });
  add_findings(result, run_.shared->findings, run_.shared->modules,
               {&run_.asked, run_.options.suppressions, result.seed, result.trials_run, run_.explore});
  if (const std::uint64_t lost = run_.shared->findings.lost.load(); lost != 0)
    result.notes.push_back(std::to_string(lost) + " more sightings of further findings did not fit in the table");
  if (const std::uint64_t refused = run_.shared->threads.refused.load(); refused != 0)
    result.notes.push_back(std::to_string(refused) + " threads beyond the " + std::to_string(thread_table::capacity) +
                           " that Ravel can follow at once ran unobserved");
  run_.tell([&](observer& one) { one.run_ended(run_, result); });
  if (const std::string& status = run_.asked.canary_status; !status.empty() && first_word_of(status) == "skipped")
    broken_ = "this lane's canary was skipped although the lane itself can run: nothing shows that it sees anything";
  static_cast<void>(control);
  judge(result);
  if (run_.explore != nullptr && plan_.replayed_trial == 0)
    if (std::string known = run_.explore->chosen->coverage(result.verdict == verdict::clean); !known.empty())
      result.notes.push_back(std::move(known));
  return result;
}

void supervised_run::judge(report& result) {
  const std::string trial = run_.explore == nullptr ? "round" : "execution";
  if (std::ranges::any_of(result.findings, is_failing)) {
    result.verdict = verdict::faulty;
  } else if (!broken_.empty()) {
    result.verdict = verdict::broken;
    result.reason = broken_;
  } else if (result.trials_run == 0) {
    result.verdict = verdict::broken;
    result.reason = "no " + trial + " ran";
  } else if (result.threads_seen == 0) {
    result.verdict = verdict::broken;
    result.reason = "no thread ran: the body must call trial.threads(...) and trial.run(), or start threads itself";
  } else if (run_.explore != nullptr && !run_.explore->unfollowable.empty()) {
    result.verdict = verdict::undecided;
    result.reason = run_.explore->unfollowable;
  } else if (plan_.replayed_trial != 0 && (run_.explore == nullptr || !run_.explore->is_regression)) {
    result.verdict = verdict::undecided;
    result.reason = "the finding of " + to_string(*run_.asked.replay) + " did not show again in " +
                    std::to_string(result.trials_run) + " " + trial + (result.trials_run == 1 ? "" : "s") +
                    (run_.explore == nullptr ? ": in stress mode the interleaving is the machine's" : "");
  } else if (result.verdict != verdict::undecided) {  // else a check left a question open, and gave the reason
    result.verdict = verdict::clean;
  }
}

void supervised_run::describe_exploration(report& result) {
  const explore_counts& counts = run_.explore->shared->counts;
  result.points_seen = counts.points.load();
  const std::uint64_t executions = counts.executions.load();
  if (executions == 0) return;
  result.schedules_seen = counts.distinct.load();
  if (run_.explore->shared->schedules.is_full())
    result.notes.push_back("there were more than " + std::to_string(result.schedules_seen) +
                           " different schedules: no more than that are told apart");
  result.switches_seen = counts.switches.load();
  result.engine = word_for(run_.explore->engine);
  result.strategy = run_.explore->chosen->name();
  if (const std::uint64_t over = counts.over_budget.load(); over != 0) {
    result.verdict = verdict::undecided;
    result.reason = std::to_string(over) + " of " + std::to_string(executions) + " executions passed " +
                    std::to_string(run_.explore->limits.points) +
                    " points without an end and were given up; raise .points, or look whether they can end at all";
  }
}

report passed_over(const std::string& name, const char* mode, std::uint64_t seed, const environment& asked) {
  report result;
  result.verdict = verdict::skipped;
  result.name = name;
  result.mode = mode;
  result.lane = asked.lane.empty() ? mode : asked.lane;
  result.variant = asked.variant.empty() ? "plain" : asked.variant;
  result.seed = seed;
  result.is_passed_over = true;
  result.reason = "passed over, because RAVEL_REPLAY=" + to_string(*asked.replay) + " names another test case";
  finish_report(result);
  return result;
}

}  // namespace ravel::detail
