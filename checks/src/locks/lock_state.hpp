// SPDX-License-Identifier: MIT
// What the lock checks keep for each thread beside its thread_record, in shared memory: how each held lock
// was taken, caches of what is known already, and for whom the thread waits. Locks beyond the record's
// max_held continue in blocks. Written by its own thread; the parent reads it when the thread hangs.
#pragma once

#include "lock_memory.hpp"

#include <ravel/thread_record.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::checks {

// How a held lock was taken. The innermost frames are kept; the rest is still on the stack when asked for.
struct acquisition {
  static constexpr std::uint32_t most_frames = 8;
  reference instance;      // 0 until asked for
  reference node;          // 0 until asked for
  const char* class_name;  // by annotation, else null
  std::uint32_t depth;
  std::uintptr_t next_frame;   // frame pointer after the kept frames; 0: that was all
  std::uintptr_t next_return;  // its return address: another one there means that another call has taken its place
  std::uintptr_t pc[most_frames];
};

struct held_block {
  static constexpr std::uint32_t size = 256;
  held_lock held[size];
  acquisition taken[size];
};

struct known_node {
  const void* lock;
  reference below, node, instance;
  std::uint32_t retirements, thread;
  lock_mode mode;
};

struct known_tuple {
  const void* lock;
  reference held;
  std::uint32_t clock, retirements;
  lock_mode mode;
  request_kind request;
};

struct lock_state {
  static constexpr std::uint32_t most_blocks = 128;
  static constexpr std::uint32_t most_stack_locks = 8;
  static constexpr std::uint32_t node_cache_size = 64, tuple_cache_size = 128;

  std::uint32_t count;                      // locks held; record.held_count stops at max_held
  std::uint32_t nodes_known;                // the lowest so many have their node
  std::uint32_t identity;                   // + 1
  std::uint32_t clock;                      // + 1
  std::uint64_t epoch;                      // trial that the above belong to
  std::uint32_t is_prepared;                // by the creating thread
  std::uint32_t is_busy;                    // inside the recorder: a signal handler's lock calls are not looked at
  std::uint32_t walks_left;                 // acquisitions whose frames are still walked at once
  std::uint32_t phase;                      // workers: the phase they belong to
  std::atomic<std::uint32_t> joining;       // slot + 1 of the thread whose end it waits for
  std::atomic<std::uint32_t> awaits_phase;  // the body: inside trial.run()
  std::atomic<const void*> retaken;         // in a condition wait: the mutex that its end takes again
  std::uint32_t stack_lock_count;
  std::uintptr_t lowest_stack_lock;              // ~0: none
  std::uintptr_t stack_locks[most_stack_locks];  // locks in this thread's own frames
  std::uint64_t wanted_stack_number;             // wait_number that wanted_stack belongs to
  raw_stack wanted_stack;
  lock_kind wanted_kind;
  known_node known_nodes[node_cache_size];
  known_tuple known_tuples[tuple_cache_size];
  acquisition taken[thread_record::max_held];
  held_block* blocks[most_blocks];

  static constexpr std::uint32_t most_held = thread_record::max_held + most_blocks * held_block::size;

  [[nodiscard]] held_lock& held_at(thread_record& record, std::uint32_t i) noexcept {
    if (i < thread_record::max_held) return record.held[i];
    i -= thread_record::max_held;
    return blocks[i / held_block::size]->held[i % held_block::size];
  }
  [[nodiscard]] acquisition& taken_at(std::uint32_t i) noexcept {
    if (i < thread_record::max_held) return taken[i];
    i -= thread_record::max_held;
    return blocks[i / held_block::size]->taken[i % held_block::size];
  }
};

// The position of a lock among those held, or -1; searched from the last taken.
[[nodiscard]] inline std::int64_t position_of(thread_record& record, lock_state& state, const void* lock) noexcept {
  for (std::uint32_t i = state.count; i-- != 0;)
    if (state.held_at(record, i).lock == lock) return i;
  return -1;
}

}  // namespace ravel::checks
