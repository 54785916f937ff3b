// SPDX-License-Identifier: MIT
// How checks hear of what the harness does. The harness calls observers; checks implement them and
// report with open_finding. Made once per run in the parent, inherited by forked children.
// Thread safety: lock and thread events come on the acting thread, concurrently; the rest on one thread.
// Nothing here may take a lock that the target could feel: no pthread primitive, no malloc in events.
#pragma once

#include <ravel/finding.hpp>
#include <ravel/thread_record.hpp>
#include <ravel/tools.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ravel {

struct report;

// What outlives the process that makes it, by name. The name of a segment or a semaphore is its file in /dev/shm.
enum class made_name : std::uint8_t { shared_memory, semaphore, message_queue, temporary_file, temporary_folder };

struct name_event {
  made_name kind;
  const char* name;        // absolute path; of a message queue: what mq_open was given
  const char* pattern;     // what mkstemp and its family were given, else null
  const raw_stack& stack;  // of the call
};

struct lock_event {
  const void* lock;
  std::uintptr_t pc;  // return address in the target
  lock_mode mode;
  lock_kind kind;
  request_kind request;
  const char* class_name;  // given by annotation, else null
};

// The run as checks see it.
class run_view {
 public:
  virtual ~run_view() = default;
  [[nodiscard]] virtual const char* name() const noexcept = 0;
  [[nodiscard]] virtual std::uint64_t seed() const noexcept = 0;
  [[nodiscard]] virtual std::uint64_t trial() const noexcept = 0;  // in flight; 0 outside
  [[nodiscard]] virtual std::uint64_t trials_completed() const noexcept = 0;
  // Zeroed memory at the same address in the parent and all children; lives as long as the run. To be
  // called in run_started only. Pages cost nothing until touched.
  [[nodiscard]] virtual void* shared_memory(std::size_t bytes) = 0;
  // How often checks were told run_started in this process and those it was forked from: a replay starts them afresh.
  [[nodiscard]] virtual std::uint32_t starts() const noexcept { return 1; }
  [[nodiscard]] virtual thread_record* threads() noexcept = 0;            // table
  [[nodiscard]] virtual std::uint32_t thread_count() const noexcept = 0;  // slots ever used
  [[nodiscard]] virtual bool is_under_valgrind() const noexcept = 0;
  [[nodiscard]] virtual const char* tool() const noexcept = 0;  // "", "memcheck", "helgrind", "drd"
  // What a trial is called in messages: "round", "execution".
  [[nodiscard]] virtual const char* trial_word() const noexcept { return "round"; }
  // Trials are many and short, and what is looked at between them has to be cheap.
  [[nodiscard]] virtual bool has_short_trials() const noexcept { return false; }
  // A trial is a whole program: its process ends with it.
  [[nodiscard]] virtual bool is_whole_program() const noexcept { return false; }
  // One trial of an earlier run is run again, as a token says.
  [[nodiscard]] virtual bool is_replay() const noexcept { return false; }
  // False where a trial is run again for what is no leak: looking for them is spared.
  [[nodiscard]] virtual bool looks_for_leaks() const noexcept { return true; }
  // Trials run in a process of somebody else's, who sees to its death and reads what is printed.
  [[nodiscard]] virtual bool is_hosted() const noexcept { return false; }
  // Ask for a fresh process after this trial, e.g. because a tool reports a thing only once a process.
  virtual void end_batch_after_this_trial() noexcept = 0;
  // The process is about to end because of what a finding tells already: no further one for its death.
  virtual void death_is_reported() noexcept {}
};

// The run in flight in this process, or nullptr.
[[nodiscard]] run_view* current_run() noexcept;

// Threads that could come to wait for each other for ever, as a check reckons: each takes a lock and then wants one
// that the next has taken, the last one what the first has. Stacks from the calls on.
struct possible_deadlock {
  struct link {
    raw_stack held, wanted;
  };
  const raw_finding* finding;  // that tells of it
  std::uint64_t trial;         // in which they take these locks
  std::vector<link> links;
};

// What a trial of it is called.
[[nodiscard]] inline const char* trial_word() noexcept {
  const run_view* run = current_run();
  return run == nullptr ? "round" : run->trial_word();
}

class observer {
 public:
  virtual ~observer() = default;

  // In the parent.
  virtual void run_started(run_view&) {}
  virtual void batch_ended(run_view&, bool /*completed*/) {}  // the child is gone; shared memory is as it left it
  virtual void hang_seen(run_view&) {}  // the child is stopped, thread snapshots are taken, it will be killed
  virtual void hang_reported(run_view&, raw_finding&) {}  // then: the finding about it, to add to
  virtual void batches_ended(run_view&) {}                // no child will run any more: last chance for open_finding
  virtual void run_ended(run_view&, report&) {}           // last word: notes, findings made from shared memory
  // Explore mode, then: each failing finding has been replayed and minimised, in processes of their own that tell
  // checks of runs of their own.
  virtual void findings_explained(run_view&, report&) {}
  // Explore mode, in the parent, for each finding that is explained: the execution that it is shown by has just been
  // run, with as few switches and calls as were found to be enough.
  virtual void execution_shown(run_view&, finding&) {}
  // In the parent, every 50 ms or so while a trial does not move on: true when a deadlock was reported,
  // the child is then killed at once.
  virtual bool is_deadlocked(run_view&) { return false; }
  // In the parent, explore mode: every thread is blocked for good, as the records say; the child is gone. True when it
  // was reported.
  virtual bool is_stuck(run_view&) { return false; }
  // In the parent, explore mode, after batches_ended: what schedules are to be tried for that lead there.
  [[nodiscard]] virtual std::vector<possible_deadlock> possible_deadlocks() const { return {}; }

  // In the child (in this process without isolation), on the thread that runs the body.
  virtual void batch_started(run_view&) {}
  virtual void trial_started(run_view&) {}
  virtual void phase_starting(run_view&) {}   // before the gate, threads not yet running
  virtual void phase_ended(run_view&) {}      // after the join
  virtual void trial_ended(run_view&) {}      // the body returned and its objects are destroyed
  virtual void batch_finishing(run_view&) {}  // no trial in flight, workers joined

  // On the thread itself.
  virtual void thread_started(run_view&, thread_record&) noexcept {}  // workers: at each phase
  virtual void thread_ended(run_view&, thread_record&) noexcept {}

  // On the acting thread: this program makes a name that it may leave behind, or opens one that is there with the
  // permission to make it. Programs that the target starts are not seen.
  virtual void name_made(run_view&, const name_event&) noexcept {}
};

// Lock events go to one observer only, by direct call: they are hot.
class lock_observer {
 public:
  virtual ~lock_observer() = default;
  // Before blocking. The thread's wanted/held fields are the observer's to maintain.
  virtual void requested(thread_record&, const lock_event&) noexcept = 0;
  virtual void acquired(thread_record&, const lock_event&) noexcept = 0;
  virtual void not_acquired(thread_record&, const lock_event&) noexcept = 0;  // timed out, busy, error
  virtual void released(thread_record&, const lock_event&) noexcept = 0;      // before the real unlock
  virtual void destroyed(thread_record&, const lock_event&) noexcept = 0;     // before the real destroy
  virtual void condition_waiting(thread_record&, const void* condition, const lock_event&) noexcept = 0;
  virtual void condition_woken(thread_record&, const void* condition, const lock_event&) noexcept = 0;
  virtual void created(thread_record& parent, thread_record& child) noexcept = 0;
  virtual void joined(thread_record& parent, thread_record& child) noexcept = 0;
  // Around a wait for another thread's end; not_joined when it ended without a join (time-out, cancellation).
  virtual void joining(thread_record& /*parent*/, thread_record& /*child*/) noexcept {}
  virtual void not_joined(thread_record& /*parent*/, thread_record& /*child*/) noexcept {}
  virtual void freed(const void* memory, std::size_t bytes) noexcept = 0;
  // Inside std::lock / std::scoped_lock when the interception can tell; else never called.
  virtual void group_started(thread_record&) noexcept {}
  virtual void group_ended(thread_record&) noexcept {}
};
// At most one; nullptr switches the events off (then interception costs one branch).
void set_lock_observer(lock_observer* observer) noexcept;
// Asks for freed() when the heap memory around this lock is freed; forgotten when the observer is set anew.
void note_heap_lock(const void* lock) noexcept;

// Checks by name. Registered at static initialisation, made for each run unless switched off.
struct check_entry {
  const char* name;
  std::unique_ptr<observer> (*make)();
};
bool register_check(const check_entry& entry);
[[nodiscard]] const std::vector<check_entry>& registered_checks();

}  // namespace ravel
