// SPDX-License-Identifier: MIT
// See supervised_run.hpp.
#include "supervised_run.hpp"

#include "base/process_end.hpp"
#include "base/stack.hpp"
#include "base/steady_clock.hpp"
#include "bridge/hidden_memory.hpp"
#include "intercept/count_calls.hpp"
#include "keeper.hpp"
#include "left_processes.hpp"
#include "record/made_processes.hpp"
#include "record/uninstrumented.hpp"
#include "report/add_findings.hpp"
#include "report/invariants.hpp"
#include "report/outcomes.hpp"
#include "report/sinks.hpp"
#include "report/trust.hpp"
#include "request_to_end.hpp"

#include <ravel/environment.hpp>
#include <ravel/usage_error.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

extern "C" {
[[gnu::weak]] void __tsan_init();
}

namespace ravel::detail {

namespace {

constexpr unsigned most_hangs = 3;     // each costs the round limit
constexpr unsigned most_kills = 3;     // from outside, that are no findings
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

std::string first_word_of(const std::string& path) {
  std::ifstream file(path);
  std::string word;
  file >> word;
  return word;
}

}  // namespace

supervised_run::supervised_run(const run_options& options, const environment& asked, const body& body, mode& kind)
    : run_(options, asked, kind), body_(body) {}

void supervised_run::prepare() {
  const run_options& options = run_.options;
  if (options.isolation != isolation::none) start_keeper();  // before anything else is forked
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
  count_calls_into_unseen_modules();
  plan_.shard = run_.asked.shard;
  plan_.shards = run_.asked.shards;
  if (run_.asked.replay) plan_.replayed_trial = run_.asked.replay->trial;
  run_.kind.plan(run_, plan_);
  if (plan_.wanted == 0) plan_.wanted = 1;  // more shards than trials: one each, so that no shard is empty
  run_.shared->findings.first_counted.store(plan_.first_counted);
}

void supervised_run::repeat(std::uint64_t first, std::uint64_t last, std::uint64_t prepared) {
  hangs_ = crashes_ = 0;
  plan_.replayed_trial = plan_.first_counted = last;
  plan_.first_replayed = first;
  plan_.prepared = prepared;
  plan_.wanted = last - first + 1;
  run_.shared->findings.first_counted.store(plan_.first_counted);
  work();
}

void supervised_run::run_again(std::uint64_t trials) {
  hangs_ = crashes_ = 0;
  plan_.replayed_trial = plan_.first_replayed = plan_.prepared = 0;
  plan_.first_counted = ~std::uint64_t{0};
  run_.is_again = true;
  plan_.wanted = trials;
  run_.shared->findings.first_counted.store(plan_.first_counted);
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
  const pid_t own = getpid(), child = fork();
  if (child < 0) throw std::runtime_error(std::string("cannot fork: ") + std::strerror(errno));
  if (child == 0) {
    request_to_end::leave_to_target();
    die_with(own);
    // What the target prints survives a crash; a program's goes nowhere.
    if (!run_.options.is_program || run_.asked.replay) std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    run_batch(run_, body_, plan_);
    end_process(0);
  }
  note_made_process(child, 0, {});
  last_.update(plan_.wanted);
  return supervise(run_, child, limits, [this] { last_.update(plan_.wanted); });
}

void supervised_run::go() {
  prepare();
  work();
}

void supervised_run::work() {
  const run_options& options = run_.options;
  std::uint64_t per_batch = options.isolation == isolation::trial ? 1 : options.trials_per_batch;
  if (per_batch == 0) per_batch = plan_.wanted;
  const double slower = is_under_valgrind() ? 5 : 1;
  const limits limits{options.trial_limit * slower,
                      options.memory_limit_mb != 0 ? options.memory_limit_mb << 20 : default_memory_limit()};
  std::optional<orphanage> orphans;
  if (options.isolation != isolation::none) orphans.emplace();
  bool goes_on = true;
  while (goes_on && request_to_end::came() == 0 && attempts_made() < plan_.wanted &&
         (attempts_made() == 0 || seconds_now() < run_.deadline)) {
    plan_.first_attempt = attempts_made() + 1;
    const std::uint64_t last = attempts_made() < plan_.prepared ? plan_.prepared : plan_.wanted;
    plan_.last_attempt = std::min(last, attempts_made() + per_batch);
    run_.shared->control.batch.fetch_add(1);
    const batch_end end = run_one_batch(limits);
    if (orphans) orphans->clear();
    run_.tell([&](observer& one) { one.batch_ended(run_, end == batch_end::finished); });
    goes_on = settle(end) && !has_enough();
    if (plan_.replayed_trial == 0 && run_.kind.is_exhausted()) goes_on = false;
  }
}

// A machine that is short of memory kills whom it likes, and so may others; a target that kills itself does so again.
bool supervised_run::repeats_killed() {
  run_control& control = run_.shared->control;
  const std::uint64_t attempt = attempts_made();
  const bool is_in_trial = control.trial.load() != 0;
  if ((is_in_trial && attempt == killed_attempt_) || ++kills_ > most_kills) {
    report_death(run_, SIGKILL);
    return false;
  }
  if (!is_in_trial) {
    notes_.push_back("a process was killed from outside by SIGKILL between two " + trials() +
                     ", and another one went on; " + circumstances_of_kill());
    return true;
  }
  killed_attempt_ = attempt;
  notes_.push_back("the process of " + std::string(run_.kind.trial_word()) + " " +
                   std::to_string(control.trial.load()) + " was killed from outside by SIGKILL, and the " +
                   run_.kind.trial_word() + " was repeated; " + circumstances_of_kill());
  control.attempt.store(attempt - 1);
  return true;
}

bool supervised_run::settle(batch_end end) {
  run_control& control = run_.shared->control;
  if (!control.usage_error.empty()) throw usage_error(control.usage_error.c_str());
  const bool is_repeated = end == batch_end::killed && repeats_killed();
  const bool has_moved = is_repeated || attempts_made() >= plan_.first_attempt;
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
  if (is_repeated) return true;
  if (run_.shared->findings.used.load() != 0 && end != batch_end::finished) run_.kind.keep(attempted_trial);
  if (plan_.replayed_trial != 0 && run_.shared->findings.used.load() != 0) return false;
  switch (end) {
    case batch_end::finished: return true;
    case batch_end::interrupted:
    case batch_end::uncontrolled: return false;
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

// Accepted findings are known by what a report says of them, which is made only where there are some to accept.
bool supervised_run::has_enough() {
  const std::uint64_t enough = run_.options.stop_after;
  const finding_table& table = run_.shared->findings;
  if (enough == 0 || plan_.replayed_trial != 0 || table.used.load() == judged_) return false;
  judged_ = table.used.load();
  std::uint64_t count = 0;
  table.for_each([&](const finding_slot& slot) { count += slot.record.is_informative ? 0 : 1; });
  if (count >= enough && !(run_.options.suppressions.empty() && trusted().empty())) {
    report told;
    told.trial_word = run_.kind.trial_word();
    add_findings(told, table, run_.shared->modules,
                 {&run_.asked, run_.options.suppressions, run_.options.seed, attempts_made(), {}, nullptr, trusted()});
    count = static_cast<std::uint64_t>(std::ranges::count_if(
        told.findings, [](const finding& one) { return !one.is_informative && one.suppressed.empty(); }));
  }
  if (count < enough) return false;
  notes_.push_back("stopped after " + std::to_string(count) + (count == 1 ? " finding" : " findings") +
                   ", as asked (.stop_after = " + std::to_string(enough) + "): what further " + trials() +
                   " would show is not known");
  return true;
}

void supervised_run::forget_dead_threads() {
  if (run_.options.isolation == isolation::none) return;  // they may still run
  for (std::uint32_t slot = 0; slot < run_.thread_count(); ++slot)
    if (run_.threads()[slot].is_used.load() != 0) run_.shared->threads.release(run_.threads()[slot]);
}

void supervised_run::describe(report& result) {
  result.is_program = run_.options.is_program;
  const run_control& control = run_.shared->control;
  const environment& asked = run_.asked;
  result.mode = run_.kind.name();
  result.trial_word = run_.kind.trial_word();
  result.name = run_.options.name;
  result.lane = asked.lane.empty() ? result.mode : asked.lane;
  result.variant = asked.variant.empty() ? "plain" : asked.variant;
  result.seed = run_.options.seed;
  result.trials_run = attempts_made();
  result.trials_wanted = plan_.replayed_trial != 0 ? result.trials_run : plan_.wanted;
  result.is_cut_short = plan_.replayed_trial == 0 && result.trials_run < result.trials_wanted &&
                        !run_.kind.is_exhausted() && seconds_now() >= run_.deadline;
  result.threads_seen = control.most_threads.load();
  result.seconds = seconds_now() - run_.started;
  result.notes = notes_;
  result.uninstrumented = uninstrumented_modules(result.variant);
  add_targets(result, run_.shared->modules, asked);
  run_.kind.describe(result);
}

std::vector<std::string> supervised_run::trusted() const {
  std::vector<std::string> names = run_.options.trusted;
  names.insert(names.end(), run_.asked.trusted.begin(), run_.asked.trusted.end());
  return names;
}

report supervised_run::make_report() {
  report result;
  describe(result);
  run_.tell([&](observer& one) { one.batches_ended(run_); });
  add_findings(result, run_.shared->findings, run_.shared->modules,
               {&run_.asked, run_.options.suppressions, result.seed, result.trials_run,
                [this](std::uint64_t trial) { return run_.kind.strategy_of(trial); },
                run_.asked.replay && run_.kind.replays_exactly() ? &*run_.asked.replay : nullptr, trusted()});
  note_uncounted(result, run_.asked);
  result.outcomes = outcomes_of(run_.shared->outcomes);
  add_invariants(result, run_.shared->invariants);
  if (const std::uint64_t lost = run_.shared->findings.lost.load(); lost != 0)
    result.notes.push_back(std::to_string(lost) + " more sightings of further findings did not fit in the table");
  if (const std::uint64_t refused = run_.shared->threads.refused.load(); refused != 0)
    result.notes.push_back(std::to_string(refused) + " threads beyond the " + std::to_string(thread_table::capacity) +
                           " that Ravel can follow at once ran unobserved");
  run_.tell([&](observer& one) { one.run_ended(run_, result); });
  if (const std::string& status = run_.asked.canary_status; !status.empty() && first_word_of(status) == "skipped")
    broken_ = "this lane's canary was skipped although the lane itself can run: nothing shows that it sees anything";
  judge(result);
  if (plan_.replayed_trial == 0)
    if (std::string known = run_.kind.coverage(result.verdict == verdict::clean); !known.empty())
      result.notes.push_back(std::move(known));
  return result;
}

// A pass that was not earned.
bool supervised_run::has_done_little(const report& result) {
  const std::uint64_t least = is_under_valgrind() ? 3 : 10;
  return result.is_cut_short && result.trials_run < least && result.trials_run < result.trials_wanted / 100;
}

void supervised_run::judge(report& result) {
  const std::string trial = run_.kind.trial_word();
  if (std::ranges::any_of(result.findings, is_failing)) {
    result.verdict = verdict::faulty;
  } else if (const int signal = request_to_end::came(); signal != 0) {
    result.verdict = verdict::undecided;
    result.reason = std::string("ended early: the process that runs the tests was sent ") +
                    request_to_end::name_of(signal) + " after " + std::to_string(result.trials_run) + " of " +
                    std::to_string(result.trials_wanted) + " " + trial + "s";
  } else if (!broken_.empty()) {
    result.verdict = verdict::broken;
    result.reason = broken_;
  } else if (result.trials_run == 0) {
    result.verdict = verdict::broken;
    result.reason = "no " + trial + " ran";
  } else if (result.threads_seen == 0) {
    result.verdict = verdict::broken;
    result.reason =
        run_.options.is_program
            ? "no thread ran: the program started none, so there is nothing that could be in another order"
            : "no thread ran: the body must call trial.threads(...) and trial.run(), or start threads itself";
  } else if (std::string doubt = reason_of_doubt(result); !doubt.empty()) {
    result.verdict = verdict::undecided;
    result.reason = std::move(doubt);
  } else if (std::string question = run_.kind.open_question(); !question.empty()) {
    result.verdict = verdict::undecided;
    result.reason = std::move(question);
  } else if (std::string unjudged = unjudged_invariant(run_.shared->invariants); !unjudged.empty()) {
    result.verdict = verdict::undecided;
    result.reason = std::move(unjudged);
  } else if (plan_.replayed_trial != 0 && !run_.kind.expects_no_finding()) {
    result.verdict = verdict::undecided;
    result.reason = "the finding of " + to_string(*run_.asked.replay) + " did not show again in " +
                    std::to_string(result.trials_run) + " " + trial + (result.trials_run == 1 ? "" : "s") +
                    run_.kind.why_not_again();
  } else if (result.verdict != verdict::undecided && has_done_little(result)) {
    result.verdict = verdict::undecided;
    result.reason = "only " + std::to_string(result.trials_run) + " of " + std::to_string(result.trials_wanted) + " " +
                    trial + "s ran before time ended, and nothing was found in them: raise .seconds (RAVEL_SECONDS), " +
                    "or ask for fewer " + trial + "s";
  } else if (result.verdict != verdict::undecided) {  // else a check left a question open, and gave the reason
    result.verdict = verdict::clean;
  }
}

report passed_over(const std::string& name, const mode& kind, std::uint64_t seed, const environment& asked) {
  report result;
  result.verdict = verdict::skipped;
  result.name = name;
  result.mode = kind.name();
  result.trial_word = kind.trial_word();
  result.lane = asked.lane.empty() ? result.mode : asked.lane;
  result.variant = asked.variant.empty() ? "plain" : asked.variant;
  result.seed = seed;
  result.is_passed_over = true;
  result.reason = "passed over, because RAVEL_REPLAY=" + to_string(*asked.replay) + " names another test case";
  finish_report(result);
  return result;
}

}  // namespace ravel::detail
