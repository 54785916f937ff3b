// SPDX-License-Identifier: MIT
// The table of thread records in shared memory, and which record is the calling thread's.
// Thread safety: claim from any thread; a record is given back by its own thread, or at the start of a
// batch. Cost: claim O(slots used) once per thread; this_thread() one thread-local load.
#pragma once

#include <ravel/thread_record.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::detail {

struct thread_table {
  static constexpr std::uint32_t capacity = 2048;

  std::atomic<std::uint32_t> slots_used;
  std::atomic<std::uint64_t> refused;  // threads that found no free record: they run unobserved
  thread_record records[capacity];

  // A cleared record with is_used set, or nullptr when all are taken.
  thread_record* claim(thread_kind kind) noexcept;
  void release(thread_record& record) noexcept;
};

// The table of the run in flight in this process, or nullptr.
// Says which operation the thread is in, for the parent. On the thread itself, or where it is stopped.
void say_operation(thread_record& record) noexcept;
[[nodiscard]] thread_table* current_threads() noexcept;

// Makes record the calling thread's; fills in tid and stack bounds. nullptr: none.
void adopt_record(thread_record* record) noexcept;

// The same for a thread whose kernel id and stack are known: no system call.
void adopt_record(thread_record* record, std::int32_t tid, std::uintptr_t stack_low,
                  std::uintptr_t stack_high) noexcept;

}  // namespace ravel::detail
