// SPDX-License-Identifier: MIT
// A finding: one thing that is wrong, as data. Words are made of it in report_text.cpp only.
// Two forms: raw_finding (plain memory, shared between the forked child and its parent, filled in by
// checks, hooks and signal handlers) and finding (symbolised, made by the parent after the run).
// Thread safety: open_finding may be called from any thread, hook or signal handler, and takes no lock.
#pragma once

#include <ravel/fixed_text.hpp>
#include <ravel/raw_stack.hpp>
#include <ravel/site.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ravel {

enum class finding_kind : std::uint8_t {
  race,
  memory_error,
  undefined_behaviour,
  leak,
  requirement,
  exception,
  crash,
  exited,
  thread_left,
  hang,
  deadlock,
  self_deadlock,
  lock_order,
  lock_misuse,
  unreleased,
  double_release,
  foreign_release,
  use_after_release,
  growth,
  memory_exhausted,
  tool_error,  // reported by Valgrind or another outside tool
  uncontrolled,
  nondeterminism,
  livelock,
  lost_wakeup,
  starvation,
  no_progress,  // an operation, or all that run, does not get on as claimed
  not_linearizable,
  misuse,  // the test itself uses Ravel in a way that cannot work
  process_left,
  invariant,
  outcome,           // of trial.outcome(): a value that is forbidden, or in none of the lists
  thread_unclaimed,  // has ended, and was neither joined nor detached
  given_up,          // an execution that did not end, and may or may not
};

// The word a report starts with: "RACE", "UNRELEASED", ... Never null.
[[nodiscard]] const char* word_for(finding_kind kind) noexcept;

// One thread's part in a finding. shape of a line:
//   <thread> <action> <object>   <file>:<line>  <function>
struct raw_actor {
  fixed_text<48> thread;   // "writer#1", "main", "thread 2 of client#0"
  fixed_text<80> action;   // "wrote", "holds", "acquired at"
  fixed_text<112> object;  // lock, variable or entry, when it differs from the headline's
  site place;              // known place; otherwise the first user frame of the stack is shown
  raw_stack stack;
};

// Why a race may be none: code that the sanitizer cannot see into may order it.
enum class doubt_kind : std::uint8_t {
  none,   // it is certain
  stack,  // a stack holds a frame of such a module
  calls,  // both threads called into the same one in between
};

// The memory that a finding is about, where a tool tells of it.
struct raw_memory {
  std::uintptr_t address;  // 0: not told
  std::uintptr_t block;    // where the heap block begins that it is in; 0: in none
  std::uint64_t block_bytes;
  std::uintptr_t pc, frame;  // of the body's function in whose frame it is; 0: in none that is known
  std::uint32_t bytes;
};

struct raw_finding {
  static constexpr std::uint32_t max_actors = 16;
  static constexpr std::uint32_t max_notes = 4;
  finding_kind kind;
  doubt_kind doubt;
  fixed_text<160> doubtful_modules;  // files' names, a comma between them
  bool is_informative;               // true: reported, but does not fail the test (ORDER-ONLY, retained, ...)
  fixed_text<24> check;
  fixed_text<256> what;  // follows the kind's word: "on session_cache::size_ (4 bytes)"
  std::uint32_t actor_count;
  raw_actor actor[max_actors];
  raw_memory memory;
  std::uint32_t note_count;
  fixed_text<320> note[max_notes];  // likely cause, what would have to hold, ...

  raw_actor& add_actor() noexcept { return actor[actor_count < max_actors ? actor_count++ : max_actors - 1]; }
  fixed_text<320>& add_note() noexcept { return note[note_count < max_notes ? note_count++ : max_notes - 1]; }
};

// Opens the finding with this signature. Returns a zeroed record to fill in when the signature is new,
// nullptr when it is known already (then only its counts grow) or when the table is full (counted, and
// said in the report). A record becomes visible as complete with publish(); one that a crash cut short is
// reported as far as it got. Async-signal-safe. Cost: one hash probe.
[[nodiscard]] raw_finding* open_finding(finding_kind kind, std::uint64_t signature) noexcept;
// The same for what the parent finds after the trials: first_trial is the one to replay.
[[nodiscard]] raw_finding* open_finding(finding_kind kind, std::uint64_t signature, std::uint64_t first_trial) noexcept;
// The same in a process that the target forked, where the others give nothing: what happens there is the target's own
// affair, but for what nobody else would hear of. nullptr also in any other process.
[[nodiscard]] raw_finding* open_finding_in_forked(finding_kind kind, std::uint64_t signature) noexcept;
void publish(raw_finding* finding) noexcept;

// Says which memory it is about, so that the report can call it what the source does. block: that of the heap which
// it is in, if it is. In a hook, too.
void tell_memory(raw_finding& finding, const void* address, std::uint32_t bytes, const void* block = nullptr,
                 std::uint64_t block_bytes = 0) noexcept;

struct frame {
  std::string function;
  std::string file;
  unsigned line = 0;
  std::string module;
  std::uintptr_t offset = 0;
  bool is_user = false;  // false: Ravel, the C++ library, a sanitizer's runtime, libc
};

struct actor {
  std::string thread;
  std::string action;
  std::string object;
  frame place;  // the line to look at
  std::vector<frame> stack;
};

// What a thread did in an execution, before the next one of the list.
struct step {
  std::string thread;
  std::string operation;  // "read", "lock", ...
  std::string object;     // a variable's name, or "object 2" where it has none
  std::string value;      // read or written; empty where it is not known
  frame place;
  std::string calls;             // the user's functions that led there, outermost first: "transfer() > account::take()"
  bool is_switch = false;        // another thread than the step before
  bool is_chosen = false;        // by the schedule: this switch is one of those that matter
  bool is_marked = false;        // the finding is about this step
  std::uint64_t times = 1;       // above 1: looked at so often in a row, and saw this value the last time
  std::uint64_t skipped = 0;     // steps left out before this one
  std::string skipped_what;      // in words: "client#0: 12 reads"
  std::uint32_t round = 0;       // above 0: the latest so many steps, this one included, came again,
  std::uint64_t came_again = 0;  // so many times; those are left out,
  bool is_same_again = false;    // with the same values
};

struct finding {
  finding_kind kind{};
  bool is_informative = false;
  doubt_kind doubt = doubt_kind::none;
  std::vector<std::string> doubtful_modules;  // files' names: "libtbb.so.12"
  bool is_trusted = false;                    // what all of these order is to be taken as ordered: informative
  std::string check;
  std::string what;
  std::vector<actor> actors;
  std::vector<std::string> notes;
  std::uint64_t first_trial = 0;
  std::uint64_t trials_seen = 0;     // distinct trials
  std::uint64_t trials_counted = 0;  // of how many, where the finding could have been counted
  std::uint64_t sightings = 0;       // in all; several in a trial count each
  // Explore mode: how often it showed again when its execution was repeated, each time in a fresh process.
  unsigned replays = 0, replays_shown = 0;
  std::uint64_t replayed_from = 0;  // the first execution of those repeated; 0: its own alone
  // Explore mode, of what could deadlock: how many executions were directed there, and whether the last one did; token,
  // replays and interleaving are then that one's.
  unsigned directed = 0;
  bool is_confirmed = false;
  std::vector<step> interleaving;         // of the execution that shows it, in order of time
  std::vector<std::string> heap_objects;  // what its steps' objects are that were made on the heap: a line each
  std::string left_out;                   // of all its steps, in words, what only one thread is concerned with
  std::string trace_file;                 // holds all of them; empty: there is no place for it, or nothing is left out
  bool is_minimised = false;              // then of the schedule with the fewest switches that was found to show it,
  unsigned switches = 0;                  // so many: others than where a thread ends or has to wait
  std::vector<std::uint64_t> marks;       // what it is known by in the process that found it
  std::string token;
  std::string rerun;       // the command that shows it again
  std::string suppressed;  // reason, when a suppression matched
};

// Fails the test by itself. One that is doubtful leaves it undecided.
[[nodiscard]] inline bool is_failing(const finding& finding) noexcept {
  return !finding.is_informative && finding.suppressed.empty() && finding.doubt == doubt_kind::none;
}
[[nodiscard]] inline bool is_doubtful(const finding& finding) noexcept {
  return !finding.is_informative && finding.suppressed.empty() && finding.doubt != doubt_kind::none;
}

}  // namespace ravel
