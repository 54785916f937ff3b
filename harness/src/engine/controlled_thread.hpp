// SPDX-License-Identifier: MIT
// A thread under control: a real pthread of which at most one at a time runs on, chosen at each point.
// It is carried (its context runs on the carrier, one kernel thread for all) or native (it runs on its own kernel
// thread when it holds the baton). Written by the thread in control only, but for the baton.
#pragma once

#include "event.hpp"

#include <ravel/progress_claim.hpp>
#include <ravel/thread_record.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::detail {

struct sync_object;

enum class standing : std::uint8_t { unused, ready, blocked, done };

// How a wait ended: not by a signal; by one, but no handler ran; a handler ran, and the call that waits goes on; and
// the call is to fail with EINTR.
enum class interruption : std::uint8_t { none, idle, restarts, fails };

// What a thread sees to when it gets control.
inline constexpr std::uint8_t has_signals = 1, has_own_mask = 2, has_own_stack = 4;

// No small number: a child's path is a hash of its creator's and of which child it is, and 1 and 1 make 0.
inline constexpr std::uint64_t path_of_body = 0x5261'7665'6C00'0001;

struct alignas(64) controlled_thread {
  // How it is run; see engine.hpp.
  std::uintptr_t thread_pointer;  // whose thread-local memory
  void* saved_sp;                 // its context while carried and not running
  void* stack_top;                // where a fresh context starts
  void (*entry)(controlled_thread& self);
  void* argument;
  bool is_carried;
  bool has_moved;        // its context went on on its own kernel thread
  bool resumes_context;  // its kernel thread is to go on with saved_sp when it gets the baton
  std::atomic<std::uint32_t> baton;
  std::atomic<std::uint32_t> is_parked;
  void* waiting_stack;     // where its kernel thread waits, out of the context's way
  void* parked_sp;         // what it left there when it went on with the context itself
  std::uint64_t signals;   // its mask, while its kernel thread is parked
  std::int32_t kernel_id;  // gettid() of its own kernel thread

  // What the scheduler knows of it.
  std::uint32_t index;
  standing state;
  bool is_reserved;
  bool is_pooled;  // its slot stays reserved when an execution ends
  bool timed_out;
  bool has_deadline;
  bool is_waiting_for_wake;  // not for a lock to become free: somebody must wake it
  std::uint32_t place_in_ready;
  std::uint64_t deadline;  // virtual nanoseconds
  std::uint64_t ran_at;    // virtual time when it last ran, or became ready
  event pending;           // what it does when it goes on
  event watched;           // what it did at its latest point or wait, if a point_watcher looked
  sync_object* waits_on;
  controlled_thread* next_waiter;
  controlled_thread* previous_waiter;
  // Waiting for what comes from outside: whether it has come; null: not known, let it look. Called by whoever has
  // control.
  bool (*has_come)(const void* awaited) noexcept;
  const void* awaited;
  void* frame;  // innermost frame when it last gave control away

  // Who it is.
  std::uint32_t parent;     // index of the creator
  std::uint32_t nth_child;  // 1.. of that creator in this execution; 0: the body's thread
  std::uint32_t children;
  std::uint64_t path;  // hash of the creation path: the same in every execution
  thread_record* record;

  // Signals and cancellation; see intercept/signal_model.hpp.
  std::uint8_t on_resume;      // has_signals, has_own_mask, has_own_stack
  bool was_interrupted;        // a signal ends its wait
  interruption interrupted;    // how its latest wait ended
  std::uint32_t handlers_run;  // so many have run in it
  bool knows_mask;             // else it is that of the body's kernel thread
  bool is_daemon;              // Ravel's own, e.g. a timer: nothing waits for its end
  bool is_dismissed;           // a daemon that is to end
  std::uint32_t early_ends;    // a daemon's waits that ended although others could run
  bool is_cancelled;           // it is to end at a cancellation point,
  bool is_never_cancelled;     // but not while this is set;
  bool is_cancelled_anywhere;  // or at any point
  bool is_in_cancellation_point;
  std::uint64_t blocked_signals, pending_signals, awaited_signals;  // bit n - 1 for signal n; awaited by sigwait
  static constexpr std::uint32_t most_handlers = 4;
  struct handler_frame {
    const void* frame;
    std::uint64_t mask;  // before
  } handlers[most_handlers];
  std::uint32_t handler_depth;  // handlers that run in it
  void* signal_stack;           // by sigaltstack
  std::uint64_t signal_stack_size;

  [[nodiscard]] bool is_to_end() const noexcept { return is_cancelled && !is_never_cancelled; }

  std::uint32_t optional_calls;  // that it could do without, so far; see left_out_calls.hpp

  std::uint64_t events;        // points it has come to where the strategy looked
  std::uint64_t reads_in_row;  // events that only read, since anybody else did more: it may be spinning
  bool keeps_notes;            // and meanwhile it wrote its own variables
  bool holds_robust;           // it has taken a robust mutex
  std::uint64_t write_stamp;   // of the execution, when reads_in_row began
  std::uint64_t spun_at;       // write stamp when it was last found spinning
  std::uint32_t looks;         // it only read, the same few objects, each time after others had written
  std::uint64_t looked_after;  // the latest write then
  std::uintptr_t round_pc;     // where it yields, sleeps or polls, round after round, and wakes nobody meanwhile
  std::uint32_t rounds;        // so many times
  std::uint32_t quiet_rounds;  // of them without anybody else having done anything, the latest
  std::uint32_t round_others;  // yields and the like at other places since
  std::uint64_t round_stamp;   // what others had done by then
  static constexpr std::uint32_t most_few = 4;
  const void* few[most_few];  // objects of its latest events in a row, as far as they were looked at
  std::uint32_t few_count;
  std::uint64_t few_points;  // own points on no others, until it last gave up control
  std::uint64_t few_since;   // point at which it got control, or they began
  // The outermost recorded operation that it is in, and its part in trying a claim (claims.cpp).
  struct call_in_flight {
    std::uint64_t execution;  // of another one: all of this is void
    const char* name;
    const void* group;  // of claims of which any operation with the same may be the one that ends
    const progress_claim* claim;
    std::uint32_t depth;
    std::uint32_t until_try;  // steps; 0: it is not tried
    bool has_points;
    bool runs;            // while a claim is tried: it is not stopped
    std::uint64_t steps;  // points of this call, while a claim is tried
    std::uint64_t points, turns, completed;
  } call;
  std::uint64_t strategy_word[4];  // for the strategy in force; cleared when the thread comes into being
};

}  // namespace ravel::detail
