// SPDX-License-Identifier: MIT
// What Ravel knows of a thread, in memory that the parent shares with the forked child, so that it can
// still be read when the child has crashed or hangs. Written by its own thread, read by any.
// Every thread of a child has one: the body's ("main"), the workers, and those the target creates.
#pragma once

#include <ravel/finding.hpp>

#include <atomic>
#include <cstdint>

namespace ravel {

enum class lock_mode : std::uint8_t { exclusive, shared };
enum class lock_kind : std::uint8_t { mutex, recursive_mutex, errorcheck_mutex, rwlock, spin, custom };
enum class request_kind : std::uint8_t { blocking, timed, attempt };

struct held_lock {
  const void* lock;
  std::uintptr_t pc;       // return address of the lock call in the target
  std::uint64_t instance;  // 0 until somebody needed to know
  raw_stack* stack;        // kept only when asked for; may be null
  std::uint32_t depth;     // recursion
  lock_mode mode;
  lock_kind kind;
  bool by_attempt;
};

enum class thread_kind : std::uint8_t { body, worker, created };

struct thread_record {
  static constexpr std::uint32_t max_held = 128;

  std::atomic<std::uint32_t> is_used;   // slot taken
  std::atomic<std::uint32_t> is_alive;  // its user code is running
  thread_kind kind;
  std::int32_t tid;         // kernel thread id
  std::uint32_t slot;       // index in the table
  std::uint32_t parent;     // slot of the creating thread
  std::uint32_t nth_child;  // n-th thread its parent created in this trial
  std::uint32_t children;   // so far in this trial
  fixed_text<48> name;      // "client#3", "main", "client#3/thread 1"
  std::uint64_t born_in_trial;
  std::atomic<std::uint32_t> is_joinable;  // created: neither joined nor detached so far
  std::uintptr_t stack_low, stack_high;
  raw_stack created_at;
  site declared_at;
  std::atomic<std::uint64_t> progress;  // operations, lock calls

  // The outermost recorded operation that it is in (ravel/operation_in_flight.hpp), null: none; and how manieth.
  std::atomic<const char*> operation;
  std::atomic<std::uint64_t> operations;
  fixed_text<48> said_operation;  // its name, as said with the snapshot below; the other is the child's memory

  // Locks, in order of acquisition; written by the thread, readable after its death.
  std::atomic<std::uint32_t> held_count;
  held_lock held[max_held];
  std::atomic<const void*> wanted;         // the lock it waits for, or null
  std::atomic<std::uint64_t> wait_number;  // changes with every wait
  lock_mode wanted_mode;
  request_kind wanted_request;
  std::uintptr_t wanted_pc;
  std::atomic<const void*> waiting_condition;  // the condition variable it waits on, or null

  // Explore mode, when an execution was given up: what the thread was about to do, and to what. The snapshot is taken.
  fixed_text<24> blocked_in;  // "lock", "wait", "join", ...; empty: it could have gone on
  const void* blocked_on;

  // The watchdog's question and answer.
  std::atomic<std::uint32_t> snapshot_wanted, snapshot_taken;
  raw_stack snapshot;

  // Free for checks: one pointer-sized private word per check slot, cleared when the record is reused.
  std::uint64_t check_word[8];
};

// The calling thread's record, or nullptr outside a run.
[[nodiscard]] thread_record* this_thread() noexcept;

}  // namespace ravel
