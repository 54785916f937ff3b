// SPDX-License-Identifier: MIT
// See thread_table.hpp. The calling thread's record is a thread-local pointer of the initial-exec kind,
// so that reading it needs no call and is safe in signal handlers and sanitizer hooks.
#include "thread_table.hpp"

#include "base/alternate_stack.hpp"
#include "base/stack.hpp"
#include "library_calls.hpp"
#include "shared_run.hpp"

#include <sys/syscall.h>
#include <unistd.h>

namespace ravel::detail {

namespace {

[[gnu::tls_model("initial-exec")]] thread_local thread_record* own_record = nullptr;

// Zeroes without memset, which sanitizers intercept.
template <std::size_t count>
void clear(std::uint64_t (&words)[count]) noexcept {
  for (volatile std::uint64_t& word : words) word = 0;
}

// relaxed: the record is the caller's alone; is_alive publishes it later
void clear_for_reuse(thread_record& record) noexcept {
  record.is_alive.store(0, std::memory_order_relaxed);
  record.tid = 0;
  record.parent = record.nth_child = record.children = 0;
  record.name.clear();
  record.born_in_trial = 0;
  record.is_joinable.store(0, std::memory_order_relaxed);
  record.stack_low = record.stack_high = 0;
  record.created_at.depth = 0;
  record.declared_at = {};
  record.progress.store(0, std::memory_order_relaxed);
  record.operation.store(nullptr, std::memory_order_relaxed);
  record.operations.store(0, std::memory_order_relaxed);
  record.said_operation.clear();
  record.held_count.store(0, std::memory_order_relaxed);
  record.wanted.store(nullptr, std::memory_order_relaxed);
  record.waiting_condition.store(nullptr, std::memory_order_relaxed);
  record.blocked_in.clear();
  record.blocked_on = nullptr;
  record.snapshot_wanted.store(0, std::memory_order_relaxed);
  record.snapshot_taken.store(0, std::memory_order_relaxed);
  record.snapshot.depth = 0;
  clear(record.check_word);
}

}  // namespace

thread_record* thread_table::claim(thread_kind kind) noexcept {
  for (std::uint32_t slot = 0; slot < capacity; ++slot) {
    thread_record& record = records[slot];
    std::uint32_t expected = 0;
    // acq_rel: after the release() of whoever had the record; a relaxed look first spares used ones a write
    if (record.is_used.load(std::memory_order_relaxed) != 0 ||
        !record.is_used.compare_exchange_strong(expected, 1, std::memory_order_acq_rel))
      continue;
    clear_for_reuse(record);
    record.slot = slot;
    record.kind = kind;
    std::uint32_t used = slots_used.load(std::memory_order_relaxed);
    while (used < slot + 1 && !slots_used.compare_exchange_weak(used, slot + 1)) {
    }
    return &record;
  }
  refused.fetch_add(1, std::memory_order_relaxed);  // relaxed: a statistic only
  return nullptr;
}

// release: the next owner clears it after this one's last write
void thread_table::release(thread_record& record) noexcept {
  record.is_alive.store(0, std::memory_order_relaxed);
  record.is_used.store(0, std::memory_order_release);
}

// relaxed: the thread's own, or that of one that is stopped
void say_operation(thread_record& record) noexcept {
  record.said_operation.clear();
  if (const char* name = record.operation.load(std::memory_order_relaxed)) record.said_operation.add(name);
}

thread_table* current_threads() noexcept {
  shared_run* run = current_shared_run();
  return run == nullptr ? nullptr : &run->threads;
}

void adopt_record(thread_record* record) noexcept {
  own_record = record;
  if (record == nullptr) return adopt_calls(nullptr);
  record->tid = static_cast<std::int32_t>(syscall(SYS_gettid));
  adopt_calls(record);
  const stack_bounds bounds = bounds_of_this_thread();
  record->stack_low = bounds.low;
  record->stack_high = bounds.high;
  give_alternate_stack();
}

void adopt_record(thread_record* record, std::int32_t tid, std::uintptr_t low, std::uintptr_t high) noexcept {
  own_record = record;
  record->tid = tid;
  record->stack_low = low;
  record->stack_high = high;
  adopt_calls(record);
}

}  // namespace ravel::detail

namespace ravel {

thread_record* this_thread() noexcept { return detail::own_record; }

}  // namespace ravel
