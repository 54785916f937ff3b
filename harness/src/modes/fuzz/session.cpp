// SPDX-License-Identifier: MIT
// See session.hpp. An execution that cannot go on is told from inside it, by the thread in control: that happens with
// the thread-local memory of the thread that runs the inputs, which is where who runs them keeps what it knows.
#include "session.hpp"

#include "fuzz_mode.hpp"
#include "handed_signals.hpp"
#include "modes/explore/given_up.hpp"
#include "process/refuse_impossible.hpp"
#include "process/supervised_run.hpp"
#include "repeated_inputs.hpp"
#include "report/sinks.hpp"

#include <ravel/environment.hpp>
#include <ravel/report.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

extern "C" {
extern const char __executable_start[];  // by the linker
extern const char _end[];
}

namespace ravel::detail {

namespace {

explore_options options_in_process(const fuzz_target& target, const environment& asked) {
  explore_options all;
  all.name = target.name;
  all.isolation = isolation::none;
  if (asked.points) all.points = *asked.points;
  if (asked.engine) all.engine = *asked.engine;
  if (asked.hold_up) all.hold_up = *asked.hold_up;
  if (asked.has_spurious_wakeups) all.has_spurious_wakeups = *asked.has_spurious_wakeups;
  if (asked.has_early_timeouts) all.has_early_timeouts = *asked.has_early_timeouts;
  if (asked.has_failing_tries) all.has_failing_tries = *asked.has_failing_tries;
  return all;
}

environment read_for_session() {
  environment asked = read_environment();
  asked.replay.reset();  // is for the files that are given to this program, before the session
  return asked;
}

const run_options& checked(const run_options& options) {
  refuse_impossible(options, "inputs", "input_limit");
  return options;
}

}  // namespace

struct fuzz_session::state {
  explicit state(const fuzz_target& of)
      : target(of),
        asked(read_for_session()),
        options(options_in_process(of, asked)),
        common(run_options_of(options)),
        explore(options),
        strategy(explore.arena.make<input_strategy>()),
        mode(explore, *strategy, of, no_files),
        run(checked(common), asked, of.run, mode) {
    explore.chosen = strategy;
    explore.engine =
        options.engine != engine_choice::kernel && can_switch_contexts() ? engine_kind::user : engine_kind::kernel;
  }

  [[nodiscard]] bool has_failing_finding() {
    const std::uint32_t used = run.inner().shared->findings.used.load();
    if (used == findings_seen) return false;
    findings_seen = used;
    bool is_failing = false;
    run.inner().shared->findings.for_each(
        [&](const finding_slot& slot) { is_failing = is_failing || !slot.record.is_informative; });
    return is_failing;
  }

  // Whatever the reason: this input is the one to save.
  [[noreturn]] void end(const char* otherwise) {
    const report result = run.make_report();
    std::fflush(stdout);
    bool is_told = false;
    for (const finding& one : result.findings) {
      finding shown = one;
      shown.token.clear();
      shown.rerun.clear();
      shown.is_informative = false;  // here it ends the session
      std::fputs((to_text(shown, result) + "\n").c_str(), stderr);
      is_told = true;
    }
    if (!is_told) std::fprintf(stderr, "%s\n", otherwise);
    std::fputs(
        "Give the file that this input is saved as to this program: it shows the calls, a smaller schedule, and a test to "
        "paste.\n",
        stderr);
    std::fflush(stderr);
    std::abort();
  }

  const fuzz_target& target;
  fuzz_options no_files;
  environment asked;
  explore_options options;
  run_options common;
  exploration explore;
  input_strategy* strategy;
  fuzz_mode mode;
  supervised_run run;
  std::unique_ptr<open_batch> batch;
  repeated_inputs repeated;
  std::vector<std::uint32_t> interruptions;
  std::uint64_t inputs = 0;
  std::uint32_t findings_seen = 0;
};

namespace {

// A place in the program by its distance from the program's start, one elsewhere by what the loader does not change.
std::uintptr_t steady(std::uintptr_t pc) noexcept {
  const auto start = reinterpret_cast<std::uintptr_t>(__executable_start);
  const auto end = reinterpret_cast<std::uintptr_t>(_end);
  return pc >= start && pc < end ? pc - start : pc & 0xfff;
}

fuzz_session::state* session_in_flight = nullptr;

// Not inlined: the thread-local memory has just changed.
[[gnu::noinline, noreturn]] void tell_given_up() {
  fuzz_session::state& session = *session_in_flight;
  report_given_up(session.run.inner(), session.explore);
  session.end("the execution of this input did not end within its points (RAVEL_POINTS)");
}

void give_up_in_session(execution& execution, ending how) noexcept {
  note_given_up(execution, how);
  control.running = nullptr;
  set_thread_pointer(the_engine().carrier_pointer());
  tell_given_up();
}

}  // namespace

fuzz_session::fuzz_session(const fuzz_target& target) : state_(std::make_unique<state>(target)) {}
fuzz_session::~fuzz_session() {
  state_->batch.reset();
  session_in_flight = nullptr;
}

void fuzz_session::listen(event_listener* listener) noexcept { state_->explore.listener = listener; }

std::span<const std::uint32_t> fuzz_session::interruptions() const noexcept { return state_->interruptions; }

void fuzz_session::run(input_bytes bytes) {
  state& session = *state_;
  if (session.batch == nullptr) {
    check_before_run(session.asked, {});
    session.run.prepare();
    session.batch = session.run.open();
    session_in_flight = &session;
    the_execution().hand_given_up_to(give_up_in_session);
    hand_signals_on();
  }
  const auto run_once = [&](input_bytes input) {
    session.mode.take(input);
    session.batch->run_one(++session.inputs);
    if (session.has_failing_finding()) session.end("");
    return seen_of(the_execution(), session.explore.shared->log);
  };
  session.repeated.note(bytes, run_once(bytes));
  session.interruptions.clear();
  for (const interruption_pair& one : session.strategy->interruptions())
    session.interruptions.push_back(static_cast<std::uint32_t>(mix(steady(one.at), steady(one.by))));
  if (std::string words = session.repeated.differs(run_once); !words.empty())
    std::fprintf(stderr, "NONDETERMINISM %s\n", words.c_str());
}

}  // namespace ravel::detail
