// SPDX-License-Identifier: MIT
// See lock_recorder.hpp: lock events. The hot ones (requested, acquired, released with nothing else held)
// touch the thread's own record and state only.
#include "lock_recorder.hpp"

#include "misuse.hpp"

#include <ravel/symbols.hpp>

#include <dlfcn.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

// From glibc 2.35 on: takes no lock.
extern "C" [[gnu::weak]] int _dl_find_object(void* pc, dl_find_object* result) noexcept;

namespace ravel::checks {

namespace {

[[gnu::always_inline]] inline std::uintptr_t this_frame() noexcept {
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

// Below this frame lie Ravel's own; its function returns to pc. 0: not found.
[[gnu::always_inline]] inline std::uintptr_t frame_returning_to(std::uintptr_t pc, const thread_record& record,
                                                                std::uintptr_t frame) noexcept {
  const std::uintptr_t low = record.stack_low, span = record.stack_high - 16 - record.stack_low;
  for (int below = 0; below < 4 && frame - low < span; ++below) {
    const auto* words = reinterpret_cast<const std::uintptr_t*>(frame);
    if (words[1] == pc) return words[0] > frame ? words[0] : 0;
    if (words[0] <= frame) return 0;
    frame = words[0];
  }
  return 0;
}

void note_next_return(acquisition& taken, const thread_record& record) noexcept {
  const std::uintptr_t low = record.stack_low, span = record.stack_high - 16 - record.stack_low;
  const bool is_inside = taken.next_frame - low < span && taken.next_frame % 8 == 0;
  taken.next_return = is_inside ? reinterpret_cast<const std::uintptr_t*>(taken.next_frame)[1] : 0;
}

// Walks the innermost frames now; else they are only to be found later while they are still on the stack.
[[gnu::noinline]] void keep_frames(acquisition& taken, const thread_record& record) noexcept {
  const std::uintptr_t low = record.stack_low, span = record.stack_high - 16 - record.stack_low;
  std::uintptr_t frame = taken.next_frame;
  taken.next_frame = 0;
  while (frame - low < span && frame % 8 == 0) {
    const auto* words = reinterpret_cast<const std::uintptr_t*>(frame);
    if (words[1] < 4096) return;
    if (taken.depth == acquisition::most_frames) {
      taken.next_frame = frame;
      taken.next_return = words[1];
      return;
    }
    taken.pc[taken.depth++] = words[1];
    if (words[0] <= frame) return;
    frame = words[0];
  }
}

// Relocking by the owner is an error here, not something that the lock allows or refuses in words.
bool blocks_its_owner(const lock_event& event, lock_mode held) noexcept {
  if (event.request != request_kind::blocking) return false;
  if (event.kind == lock_kind::recursive_mutex || event.kind == lock_kind::errorcheck_mutex) return false;
  return event.mode == lock_mode::exclusive || held == lock_mode::exclusive;
}

}  // namespace

void drop_garbage(raw_stack& stack) noexcept {
  for (std::uint32_t i = 1; i < stack.depth; ++i) {
    dl_find_object where;
    const bool is_code = _dl_find_object == nullptr
                             ? stack.pc[i] >= 65536
                             : _dl_find_object(reinterpret_cast<void*>(stack.pc[i] - 1), &where) == 0;
    if (is_code) continue;
    stack.depth = i;
    return;
  }
}

void capture_from(raw_stack& stack, std::uintptr_t pc, bool by_tables) noexcept {
  if (by_tables)
    capture_unwound_stack(stack);
  else
    capture_stack(stack);
  std::uint32_t first = 0;
  while (first < stack.depth && stack.pc[first] != pc) ++first;
  if (first == stack.depth) {
    stack.depth = 1;
    stack.pc[0] = pc;
    return;
  }
  stack.depth -= first;
  for (std::uint32_t i = 0; i < stack.depth; ++i) stack.pc[i] = stack.pc[i + first];
  drop_garbage(stack);
}

bool looks_taken(const void* lock, lock_kind kind) noexcept {
  switch (kind) {
    case lock_kind::rwlock: {
      const auto& data = static_cast<const pthread_rwlock_t*>(lock)->__data;
      return __atomic_load_n(&data.__readers, __ATOMIC_RELAXED) != 0;
    }
    case lock_kind::spin: return __atomic_load_n(static_cast<const int*>(lock), __ATOMIC_RELAXED) != 1;
    case lock_kind::custom: return true;
    default: return __atomic_load_n(&static_cast<const pthread_mutex_t*>(lock)->__data.__lock, __ATOMIC_RELAXED) != 0;
  }
}

bool is_still_taken(const void* lock, lock_kind kind) noexcept {
  if (kind == lock_kind::custom) return true;
  alignas(pthread_rwlock_t) char copy[sizeof(pthread_rwlock_t)];
  static_assert(sizeof copy >= sizeof(pthread_mutex_t));
  const std::size_t size = kind == lock_kind::rwlock ? sizeof(pthread_rwlock_t)
                           : kind == lock_kind::spin ? sizeof(pthread_spinlock_t)
                                                     : sizeof(pthread_mutex_t);
  const iovec to{copy, size}, from{const_cast<void*>(lock), size};
  // The last as long as the kernel reads it: of an int that lies on the stack the upper half would be anything.
  if (syscall(SYS_process_vm_readv, getpid(), &to, 1L, &from, 1L, 0L) != static_cast<long>(size)) return false;
  constexpr int robust_bit = 16;  // of glibc's kind of a mutex
  const bool is_mutex = kind != lock_kind::rwlock && kind != lock_kind::spin;
  if (is_mutex && (reinterpret_cast<const pthread_mutex_t*>(copy)->__data.__kind & robust_bit) != 0) return false;
  return looks_taken(copy, kind);
}

void lock_recorder::kept_stack(const acquisition& taken, raw_stack& into) noexcept {
  into.depth = taken.depth;
  for (std::uint32_t i = 0; i < taken.depth; ++i) into.pc[i] = taken.pc[i];
}

void lock_recorder::requested(thread_record& record, const lock_event& event) noexcept {
  lock_state& state = state_of(record);
  if (state.is_busy != 0) return;
  if (state.epoch != memory_->epoch.load(std::memory_order_relaxed)) catch_up(record, state);
  if (this_frame() > state.lowest_stack_lock) retire_popped(state, this_frame());
  record.wanted_mode = event.mode;
  record.wanted_request = event.request;
  record.wanted_pc = event.pc;
  state.wanted_kind = event.kind;
  // Plain stores in this order: the parent looks twice, and takes the wait number as proof that nothing moved.
  record.wait_number.store(record.wait_number.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  record.wanted.store(event.lock, std::memory_order_release);
  if (event.request != request_kind::attempt && looks_taken(event.lock, event.kind)) {
    capture_from(state.wanted_stack, event.pc);
    state.wanted_stack_number = record.wait_number.load(std::memory_order_relaxed);
  }
  if (state.count != 0) want_while_holding(record, state, event);
}

void lock_recorder::want_while_holding(thread_record& record, lock_state& state, const lock_event& event) noexcept {
  state.is_busy = 1;
  const std::int64_t position = position_of(record, state, event.lock);
  if (position >= 0)
    judge_request_again(record, state, event, position);
  else if (keeps_tuples && (event.request != request_kind::attempt || state.count >= 2))
    remember(record, state, event);
  state.is_busy = 0;
}

void lock_recorder::judge_request_again(thread_record& record, lock_state& state, const lock_event& event,
                                        std::int64_t position) noexcept {
  if (!reports_misuse) return;
  const auto at = static_cast<std::uint32_t>(position);
  const lock_mode held = state.held_at(record, at).mode;
  if (blocks_its_owner(event, held))
    report_misuse(*this, misuse::relock, record, event, {&record, at});
  else if (event.request == request_kind::blocking && event.kind == lock_kind::rwlock)
    report_misuse(*this, misuse::shared_again, record, event, {&record, at});
}

void lock_recorder::acquired(thread_record& record, const lock_event& event) noexcept {
  lock_state& state = state_of(record);
  if (state.is_busy != 0) return;
  const bool by_attempt =
      record.wanted.load(std::memory_order_relaxed) != event.lock || event.request == request_kind::attempt;
  record.wanted.store(nullptr, std::memory_order_relaxed);
  if (state.epoch != memory_->epoch.load(std::memory_order_relaxed)) catch_up(record, state);
  record.progress.store(record.progress.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  if (state.count != 0) {
    const std::int64_t position = position_of(record, state, event.lock);
    if (position >= 0) {
      ++state.held_at(record, static_cast<std::uint32_t>(position)).depth;
      return;
    }
  }
  if (!push(record, state, event, by_attempt)) return;
  acquisition& taken = state.taken_at(state.count - 1);
  taken.depth = 1;
  taken.pc[0] = event.pc;
  taken.next_frame = frame_returning_to(event.pc, record, this_frame());
  note_next_return(taken, record);
  // Where a lock is taken in a small function that returns (a guard's constructor at -O0), its frames are gone
  // when they are asked for: walk them now. In long loops of others that is not worth its price.
  if (state.walks_left != 0 || memory_->returns_early(event.pc)) {
    if (state.walks_left != 0) --state.walks_left;
    keep_frames(taken, record);
  }
}

bool lock_recorder::push(thread_record& record, lock_state& state, const lock_event& event, bool by_attempt) noexcept {
  const std::uint32_t position = state.count;
  if (position >= thread_record::max_held) {
    if (position >= lock_state::most_held) {
      memory_->lost.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    held_block*& block = state.blocks[(position - thread_record::max_held) / held_block::size];
    if (block == nullptr) {
      const std::uint32_t next = blocks_used_->fetch_add(1, std::memory_order_relaxed);
      if (next >= most_blocks) {
        memory_->lost.fetch_add(1, std::memory_order_relaxed);
        return false;
      }
      block = &blocks_[next];
    }
  }
  held_lock& held = state.held_at(record, position);
  held.lock = event.lock;
  held.pc = event.pc;
  held.instance = 0;
  held.stack = nullptr;
  held.depth = 1;
  held.mode = event.mode;
  held.kind = event.kind;
  held.by_attempt = by_attempt;
  acquisition& taken = state.taken_at(position);
  taken.instance = taken.node = 0;
  taken.class_name = event.class_name;
  state.count = position + 1;
  if (position < thread_record::max_held) record.held_count.store(position + 1, std::memory_order_release);
  return true;
}

void lock_recorder::not_acquired(thread_record& record, const lock_event& event) noexcept {
  if (record.wanted.load(std::memory_order_relaxed) == event.lock)
    record.wanted.store(nullptr, std::memory_order_relaxed);
}

void lock_recorder::released(thread_record& record, const lock_event& event) noexcept {
  lock_state& state = state_of(record);
  if (state.is_busy != 0) return;
  if (state.epoch != memory_->epoch.load(std::memory_order_relaxed)) catch_up(record, state);
  const std::int64_t found = position_of(record, state, event.lock);
  if (found < 0) [[unlikely]] {
    if (!reports_misuse) return;
    state.is_busy = 1;
    judge_strange_release(*this, record, event);
    state.is_busy = 0;
    return;
  }
  const auto position = static_cast<std::uint32_t>(found);
  held_lock& held = state.held_at(record, position);
  if (held.depth > 1)
    --held.depth;
  else
    remove(record, state, position);
}

void lock_recorder::remove(thread_record& record, lock_state& state, std::uint32_t position) noexcept {
  const std::uint32_t last = state.count - 1;
  if (position != last) {
    for (std::uint32_t i = position; i < last; ++i) {
      state.held_at(record, i) = state.held_at(record, i + 1);
      state.taken_at(i) = state.taken_at(i + 1);
      state.taken_at(i).node = 0;  // what it was taken on top of has changed
    }
  }
  if (state.nodes_known > position) state.nodes_known = position;
  state.count = last;
  record.held_count.store(last < thread_record::max_held ? last : thread_record::max_held, std::memory_order_release);
}

void lock_recorder::destroyed(thread_record& record, const lock_event& event) noexcept {
  lock_state& state = state_of(record);
  if (state.is_busy != 0) return;
  state.is_busy = 1;
  const std::int64_t own = position_of(record, state, event.lock);
  const holding holder =
      own >= 0 ? holding{&record, static_cast<std::uint32_t>(own)} : find_holder(*this, event.lock, &record);
  if (holder.record != nullptr && reports_misuse) report_misuse(*this, misuse::destroyed_held, record, event, holder);
  if (own >= 0) remove(record, state, static_cast<std::uint32_t>(own));
  retire(event.lock);
  state.is_busy = 0;
}

void lock_recorder::condition_waiting(thread_record& record, const void* condition, const lock_event& event) noexcept {
  lock_state& state = state_of(record);
  if (state.is_busy != 0) return;
  if (state.epoch != memory_->epoch.load(std::memory_order_relaxed)) catch_up(record, state);
  const std::int64_t position = position_of(record, state, event.lock);
  if (position >= 0) {
    held_lock& held = state.held_at(record, static_cast<std::uint32_t>(position));
    if (held.depth > 1)
      --held.depth;
    else
      remove(record, state, static_cast<std::uint32_t>(position));
  }
  state.is_busy = 1;
  // It will take the lock again while it holds the others, whoever wakes it.
  if (position < 0 && reports_misuse) judge_wait_without_lock(*this, record, event);
  if (keeps_tuples && state.count != 0 && position >= 0) {
    lock_event retake = event;
    retake.request = request_kind::blocking;
    remember(record, state, retake, true);
  }
  capture_from(state.wanted_stack, event.pc);
  state.is_busy = 0;
  record.wanted_request = event.request;
  record.wanted_pc = event.pc;
  record.wait_number.store(record.wait_number.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  state.wanted_stack_number = record.wait_number.load(std::memory_order_relaxed);
  state.retaken.store(event.lock, std::memory_order_relaxed);  // read only while waiting_condition is set
  record.waiting_condition.store(condition, std::memory_order_release);
}

void lock_recorder::condition_woken(thread_record& record, const void*, const lock_event& event) noexcept {
  record.waiting_condition.store(nullptr, std::memory_order_relaxed);
  record.wanted.store(event.lock, std::memory_order_relaxed);  // it has the lock already: not an attempt
  lock_event taken = event;
  taken.request = request_kind::blocking;
  acquired(record, taken);
}

}  // namespace ravel::checks
