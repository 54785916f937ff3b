// SPDX-License-Identifier: MIT
// See supervision.hpp.
#include "supervision.hpp"

#include "base/duration_text.hpp"
#include "base/steady_clock.hpp"
#include "child_watch.hpp"
#include "crash.hpp"
#include "operation_watch.hpp"
#include "own_waits.hpp"
#include "processor_wait.hpp"
#include "record/made_processes.hpp"
#include "request_to_end.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

namespace ravel::detail {

namespace {

constexpr double look_seconds = 0.05;     // how often the parent looks
constexpr double stall_seconds = 0.15;    // a trial that has not moved for so long may be deadlocked
constexpr double dying_seconds = 2;       // how long a process that has said why it dies may take
constexpr double snapshot_seconds = 1.0;  // how long threads may take to say where they are

void sleep_for(double seconds) {
  const timespec nap{0, static_cast<long>(seconds * 1e9)};
  nanosleep(&nap, nullptr);
}

std::uint64_t resident_bytes(pid_t child) {
  std::ifstream file("/proc/" + std::to_string(child) + "/statm");
  std::uint64_t size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

void take_snapshots(run& run, pid_t child) {
  const auto is_unanswered = [&](const thread_record& record) {
    return record.is_used.load() != 0 && record.is_alive.load() != 0 && record.snapshot_taken.load() != 2;
  };
  for (std::uint32_t slot = 0; slot < run.thread_count(); ++slot) {
    thread_record& record = run.threads()[slot];
    record.snapshot_taken.store(0);
    record.snapshot_wanted.store(1);
    if (is_unanswered(record)) syscall(SYS_tgkill, child, record.tid, snapshot_signal);
  }
  for (const double until = seconds_now() + snapshot_seconds; seconds_now() < until; sleep_for(0.01))
    if (std::none_of(run.threads(), run.threads() + run.thread_count(), is_unanswered)) return;
}

constexpr const char* still_in = "is still in";

void add_thread_of_hang(raw_finding& finding, const thread_record& record) {
  raw_actor& actor = finding.add_actor();
  actor.thread.add(record.name.c_str());
  if (record.wanted.load() != nullptr)
    actor.action.add("waited for a lock");
  else if (record.waiting_condition.load() != nullptr)
    actor.action.add("waited on a condition variable");
  else if (!record.said_operation.empty())
    actor.action.add(still_in);
  else
    actor.action.add("was at");
  if (!record.said_operation.empty()) {
    if (std::string_view(actor.action.c_str()) != still_in) actor.action.add(" in");
    actor.object.add(record.said_operation.c_str()).add("()");
  }
  if (record.snapshot_taken.load() == 0) actor.object.add("(did not answer: it blocks signals, or is in the kernel)");
  actor.stack.depth = record.snapshot.depth;
  for (std::uint32_t i = 0; i < record.snapshot.depth; ++i) actor.stack.pc[i] = record.snapshot.pc[i];
}

// The first operation that has not returned, as whoever knows its arguments has written it, and whether it waits.
void add_operation(run& run, raw_finding& finding, const operation_watch& operations) {
  for (std::uint32_t i = 0; i < finding.actor_count; ++i) {
    const raw_actor& actor = finding.actor[i];
    if (std::string_view(actor.action.c_str()) != still_in) continue;
    finding.what.add(": ").add(actor.object.c_str()).add(" by ").add(actor.thread.c_str()).add(" has not returned");
    for (std::uint32_t slot = 0; slot < run.thread_count() && run.kind.runs_all_at_once(); ++slot)
      if (std::string_view(run.threads()[slot].name.c_str()) == actor.thread.c_str())
        finding.add_note()
            .add(actor.object.c_str())
            .add(" had the processor for ")
            .add(duration_text(static_cast<std::uint64_t>(operations.seconds_in(run.threads()[slot]) * 1e9)).c_str())
            .add(" of that time");
    return;
  }
  for (std::uint32_t slot = 0; slot < run.thread_count(); ++slot) {
    const thread_record& record = run.threads()[slot];
    if (record.is_alive.load() == 0 || record.said_operation.empty()) continue;
    finding.what.add(": ").add(record.said_operation.c_str()).add("() by ").add(record.name.c_str());
    finding.what.add(" has not returned");
    return;
  }
}

void report_hang(run& run, double seconds, bool has_stopped, const operation_watch& operations) {
  const run_control& control = run.shared->control;
  raw_finding* finding = open_finding(finding_kind::hang, control.phase.load());
  if (finding == nullptr) return;
  finding->check.add("watchdog");
  finding->what.add(run.kind.words_for_hang(has_stopped).c_str());
  finding->what.add(" within ").add_number(static_cast<std::uint64_t>(seconds)).add(" s");
  if (control.phase.load() > 1) finding->what.add(" (phase ").add_number(control.phase.load()).add(")");
  std::uint32_t listed = 0, alive = 0;
  for (const bool is_worker : {true, false})
    for (std::uint32_t slot = 0; slot < run.thread_count(); ++slot) {
      const thread_record& record = run.threads()[slot];
      if (record.is_alive.load() == 0 || (record.kind != thread_kind::body) != is_worker) continue;
      // The thread that runs the body waits in trial.run(): of interest only when it is elsewhere.
      if (!is_worker && control.stage.load() == static_cast<std::uint32_t>(stage::phase)) continue;
      ++alive;
      if (listed++ < raw_finding::max_actors) add_thread_of_hang(*finding, record);
    }
  if (alive > raw_finding::max_actors)
    finding->add_note().add_number(alive - raw_finding::max_actors).add(" more threads are running, too");
  run.tell([&](observer& one) { one.hang_reported(run, *finding); });
  add_operation(run, *finding, operations);
  finding->add_note().add(run.kind.advice_for_hang().c_str());
  publish(finding);
}

// False: the mode has nothing to say of it, so it is a hang like others.
bool report_own_wait(run& run, const std::string& library) {
  const std::string words = library.empty() ? "" : run.kind.words_for_own_wait(library);
  if (words.empty()) return false;
  raw_finding* finding = open_finding(finding_kind::uncontrolled, mix_text(29, library.c_str()));
  if (finding == nullptr) return true;
  finding->check.add("watchdog");
  finding->what.add(library.c_str()).add(": ").add(words.c_str());
  for (std::uint32_t slot = 0; slot < run.thread_count() && finding->actor_count < raw_finding::max_actors; ++slot) {
    const thread_record& record = run.threads()[slot];
    if (record.is_alive.load() != 0 && record.kind != thread_kind::body) add_thread_of_hang(*finding, record);
  }
  finding->add_note().add(run.kind.advice_for_own_wait(library).c_str());
  publish(finding);
  return true;
}

// 0: not known.
std::uint64_t available_bytes() {
  std::ifstream file("/proc/meminfo");
  std::string name, unit;
  std::uint64_t kib = 0;
  while (file >> name >> kib >> unit)
    if (name == "MemAvailable:") return kib * 1024;
  return 0;
}

void report_memory(std::uint64_t bytes, std::uint64_t limit) {
  raw_finding* finding = open_finding(finding_kind::memory_exhausted, 1);
  if (finding == nullptr) return;
  finding->check.add("isolation");
  finding->what.add("the process used ")
      .add_number(bytes >> 20)
      .add(" MiB; the limit is ")
      .add_number(limit >> 20)
      .add(" MiB");
  finding->add_note().add("a round that needs more: raise .memory_limit_mb in the options");
  publish(finding);
}

void kill_and_reap(pid_t child, child_watch& watch) {
  kill(child, SIGKILL);
  while (!watch.ended_within(1)) {
  }
}

bool is_finishing(const run_control& control) {
  const std::uint32_t at = control.stage.load();
  return control.trial.load() == 0 && at != static_cast<std::uint32_t>(stage::starting);
}

double stalled_for(const run& run) {
  return seconds_now() - static_cast<double>(run.shared->control.moved_ns.load()) * 1e-9;
}

// A trial that is seen to go on does, however slow the machine is.
class heartbeat {
 public:
  heartbeat(const run& run, pid_t child) : run_(run), wait_(child) {}

  // Seconds since the trial in flight was last seen to go on, without those in which the machine had no core for it;
  // but of these no more than so many times the others.
  double silent_for() {
    const double stalled = stalled_for(run_);
    const std::uint64_t now = run_.kind.movement();
    if (now != moved_) beat_ = seconds_now();
    moved_ = now;
    const double silent = std::min(stalled, seconds_now() - beat_);
    if (silent < stall_seconds) {
      wait_.forget();
      return silent;
    }
    constexpr double most_waiting = 4;  // of 5
    return std::max(silent - wait_.longest(), silent / (most_waiting + 1));
  }

 private:
  const run& run_;
  processor_wait wait_;
  std::uint64_t moved_ = 0;
  double beat_ = 0;
};

constexpr double most_silences = 10;  // in a trial that goes on, before it is ended nevertheless

}  // namespace

batch_end supervise(run& run, pid_t child, const limits& limits, const std::function<void()>& looked) {
  run_control& control = run.shared->control;
  const auto is_in_trial = [&] { return control.trial.load() != 0; };
  child_watch watch(child);
  heartbeat heart(run, child);
  operation_watch operations(child);
  while (!watch.ended_within(look_seconds)) {
    looked();
    if (request_to_end::came() != 0) {
      kill_and_reap(child, watch);
      return batch_end::interrupted;
    }
    if (const std::uint64_t used = resident_bytes(child); used > limits.memory_bytes) {
      report_memory(used, limits.memory_bytes);
      kill_and_reap(child, watch);
      return batch_end::out_of_memory;
    }
    if (control.death_is_noted.load() != 0 && !is_finishing(control)) {
      // It said why it dies; what is left is the end of its handler, which may be stuck in a lock.
      if (!watch.ended_within(dying_seconds)) kill_and_reap(child, watch);
      return is_in_trial() ? batch_end::died : batch_end::died_between_trials;
    }
    const double silent = heart.silent_for();
    if (silent < stall_seconds && stalled_for(run) < most_silences * limits.round_seconds) continue;
    operations.look(run.threads(), run.thread_count());
    bool is_deadlocked = false;
    if (is_in_trial()) run.tell([&](observer& one) { is_deadlocked = one.is_deadlocked(run) || is_deadlocked; });
    const bool has_stopped = silent >= limits.round_seconds;
    const bool takes_too_long = stalled_for(run) >= most_silences * limits.round_seconds;
    if (!is_deadlocked && !has_stopped && !takes_too_long) continue;
    if (!is_deadlocked) {
      const std::string library = library_that_waits(child, run.shared->modules);
      take_snapshots(run, child);
      if (report_own_wait(run, library)) {
        kill_and_reap(child, watch);
        return batch_end::uncontrolled;
      }
      report_hang(run, has_stopped ? limits.round_seconds : most_silences * limits.round_seconds, has_stopped,
                  operations);
      run.tell([&](observer& one) { one.hang_seen(run); });
    }
    kill_and_reap(child, watch);
    return is_deadlocked ? batch_end::deadlocked : batch_end::hung;
  }
  if (control.stage.load() == static_cast<std::uint32_t>(stage::finished)) return batch_end::finished;
  if (WIFSIGNALED(watch.status) && request_to_end::is_to_all(WTERMSIG(watch.status))) return batch_end::interrupted;
  if (run.kind.explains_end(run)) return batch_end::given_up;
  // quick_exit and _exit run no handlers; with status 0 they are a program's good end, too.
  if (run.options.is_program && WIFEXITED(watch.status) && WEXITSTATUS(watch.status) == 0 &&
      control.death_is_noted.load() == 0)
    return batch_end::finished;
  const bool was_in_trial = is_in_trial();
  if (WIFSIGNALED(watch.status) && WTERMSIG(watch.status) == SIGKILL && control.death_is_noted.load() == 0)
    return batch_end::killed;
  report_death(run, watch.status);
  return was_in_trial ? batch_end::died : batch_end::died_between_trials;
}

// Nothing tells who sent it.
std::string circumstances_of_kill() {
  std::string text = std::to_string(available_bytes() >> 20) + " MiB of the machine's memory were free then";
  if (const made_processes* made = all_made_processes(); made != nullptr && made->is_swept.load() != 0)
    text += "; Ravel's own keeper did, because it took the process that runs the tests for ended";
  return text;
}

void report_death(run& run, int status) {
  run_control& control = run.shared->control;
  if (control.death_is_noted.load() != 0) return;
  const bool is_signal = WIFSIGNALED(status);
  const int code = is_signal ? WTERMSIG(status) : WEXITSTATUS(status);
  raw_finding* finding =
      open_finding(is_signal ? finding_kind::crash : finding_kind::exited, mix(static_cast<std::uint64_t>(code), 21));
  if (finding == nullptr) return;
  finding->check.add("isolation");
  if (is_signal)
    finding->what.add("by ").add(name_of_signal(code)).add(", signal ").add_number(static_cast<std::uint64_t>(code));
  else
    finding->what.add("the process ended with status ")
        .add_signed(code)
        .add(" in the middle of a round: by _exit, quick_exit, exec, or a tool's fatal error (its text stands above)");
  if (is_signal && code == SIGKILL) finding->add_note().add(circumstances_of_kill().c_str());
  publish(finding);
}

std::uint64_t default_memory_limit() {
  const std::uint64_t available = available_bytes();
  return available == 0 ? std::uint64_t{4} << 30 : std::min(available / 4 * 3, std::uint64_t{8} << 30);
}

}  // namespace ravel::detail
