// SPDX-License-Identifier: MIT
// What a thread is about to do at a point: the unit that strategies choose over and that schedules are told in.
// Plain data. Addresses name objects only inside the execution that they come from.
#pragma once

#include <cstdint>

namespace ravel::detail {

enum class operation : std::uint8_t {
  none,
  start,  // a thread's first step
  exit,   // its function has returned: thread-local destructors come next
  read,
  write,
  atomic_load,
  atomic_store,
  atomic_update,  // read-modify-write, also a compare-exchange that fails
  lock,
  lock_shared,
  try_lock,
  timed_lock,
  unlock,
  wait,       // on a condition: gives the lock back in the same step
  signal,     // wakes one
  broadcast,  // wakes all
  create,
  join,
  acquire,  // semaphore, futex, barrier, once, ... : may have to wait
  release,  // its counterpart
  yield,
  sleep,
  clock,  // a look at the time
  input,  // may wait for another thread's output: pipe, eventfd, poll
  output,
  annotated,  // the target's own mark
  send_signal,
  handle_signal,  // a handler is about to run
  await_signal,   // sigwait, pause
};

// The last one: how many there are.
inline constexpr unsigned operation_count = static_cast<unsigned>(operation::await_signal) + 1;

struct event {
  operation what;
  std::uint32_t bytes;  // of a memory access; else 0
  const void* object;   // memory, lock, condition, ...; null: none
  std::uintptr_t pc;    // return address in the target; 0: unknown
};

// "lock", "read", ... Never null.
[[nodiscard]] const char* word_for(operation what) noexcept;

[[nodiscard]] constexpr bool is_access(operation what) noexcept {
  return what >= operation::read && what <= operation::atomic_update;
}
[[nodiscard]] constexpr bool is_read_only(operation what) noexcept {
  return what == operation::read || what == operation::atomic_load || what == operation::yield ||
         what == operation::clock || what == operation::sleep;
}
// Whether the order of the two matters: same object, and not both only read it.
[[nodiscard]] inline bool is_dependent(const event& a, const event& b) noexcept {
  if (a.object == nullptr || b.object == nullptr || (is_read_only(a.what) && is_read_only(b.what))) return false;
  if (a.object == b.object) return true;
  if (a.bytes == 0 || b.bytes == 0) return false;
  const auto first = reinterpret_cast<std::uintptr_t>(a.object), second = reinterpret_cast<std::uintptr_t>(b.object);
  return first < second + b.bytes && second < first + a.bytes;
}

}  // namespace ravel::detail
