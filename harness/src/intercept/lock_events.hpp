// SPDX-License-Identifier: MIT
// From an intercepted call to the lock observer, if there is one. What is not the target's is passed on unseen: calls
// while no trial is watched, from threads without a record, and from inside the C++ library and libc. Thread safety:
// each call acts on its own thread's record. Cost while nobody watches: one load, one branch.
#pragma once

#include "base/noise_point.hpp"
#include "library_code.hpp"

#include <ravel/observer.hpp>

#include <atomic>
#include <cerrno>
#include <cstdint>

extern "C" {
[[gnu::weak]] void __tsan_func_entry(void* pc);
[[gnu::weak]] void __tsan_func_exit();
[[gnu::weak]] void __tsan_read8_pc(void* address, void* pc);
[[gnu::weak]] int __tsan_get_report_data(void*, const char**, int*, int*, int*, int*, int*, int*, int*, void**,
                                         unsigned long);
}

namespace ravel::detail {

extern std::atomic<lock_observer*> watching_observer;

[[gnu::always_inline]] inline lock_observer* watching() noexcept {
  // relaxed: set while the watched threads are not running, or by themselves
  return watching_observer.load(std::memory_order_relaxed);
}

// The record to tell events about, or nullptr when this call is to be passed on unseen.
[[nodiscard]] inline thread_record* watched_thread(std::uintptr_t pc) noexcept {
  thread_record* record = this_thread();
  return record == nullptr || is_library_code(pc) ? nullptr : record;
}

[[nodiscard]] inline bool holds(const thread_record& record, const void* lock) noexcept {
  const std::uint32_t count = record.held_count.load(std::memory_order_relaxed);  // relaxed: this thread's own
  for (std::uint32_t i = 0; i < count; ++i)
    if (record.held[i].lock == lock) return true;
  return false;
}

// TSan's runtime has this hook, that of the points variant has not.
[[nodiscard]] [[gnu::always_inline]] inline bool has_tsan() noexcept { return __tsan_get_report_data != nullptr; }

[[nodiscard]] [[gnu::always_inline]] inline bool is_told_to_nobody() noexcept {
  return watching() == nullptr && !has_tsan();
}

// What the model does in place of a real call reads the object, as TSan's own interceptor would say: who sets it up or
// destroys it, or frees its memory, at the same time races with that.
inline void tell_use(const void* object, std::uintptr_t pc) noexcept {
  if (has_tsan()) __tsan_read8_pc(const_cast<void*>(object), reinterpret_cast<void*>(pc));
}

// TSan keeps a stack of its own and asks its interceptor's caller for the innermost place: with Ravel in
// between, the target's line would be missing from TSan's reports.
class tool_frame {
 public:
  explicit tool_frame(std::uintptr_t pc) noexcept {
    if (__tsan_func_entry != nullptr) __tsan_func_entry(reinterpret_cast<void*>(pc));
  }
  ~tool_frame() {
    if (__tsan_func_exit != nullptr) __tsan_func_exit();
  }
  tool_frame(const tool_frame&) = delete;
  tool_frame& operator=(const tool_frame&) = delete;
};

// Before a lock is taken and after one is given up: just there a switch shows what a lock fails to guard.
inline void noise_at_lock() noexcept {
  auto* make = noise_maker.load(std::memory_order_relaxed);  // relaxed: does not change while threads run
  if (make == nullptr) return;
  const int kept = errno;
  make();
  errno = kept;
}

// The call is written once in each, so that it is inlined.
template <class Call>
int tell_acquire(lock_observer* observer, const lock_event& event, Call call) {
  thread_record* record = observer == nullptr ? nullptr : watched_thread(event.pc);
  if (record != nullptr) {
    noise_at_lock();
    observer->requested(*record, event);
  }
  int error;
  {
    tool_frame frame(event.pc);
    error = call();
  }
  if (record == nullptr) return error;
  if (error == 0 || error == EOWNERDEAD)
    observer->acquired(*record, event);
  else
    observer->not_acquired(*record, event);
  return error;
}

template <class Call>
int tell_release(lock_observer* observer, const lock_event& event, Call call) {
  // A destructor that ends in unlock() jumps there, and then the caller seems to be the library that ran the
  // destructor: what is known to be held is the target's, whoever gives it up.
  thread_record* record = observer == nullptr ? nullptr : this_thread();
  if (record != nullptr && is_library_code(event.pc) && !holds(*record, event.lock)) record = nullptr;
  if (record != nullptr) observer->released(*record, event);
  int error;
  {
    tool_frame frame(event.pc);
    error = call();
  }
  if (record != nullptr) noise_at_lock();
  return error;
}

template <class Call>
int tell_destroy(lock_observer* observer, const lock_event& event, Call call) {
  thread_record* record = observer == nullptr ? nullptr : watched_thread(event.pc);
  if (record != nullptr) observer->destroyed(*record, event);
  tool_frame frame(event.pc);
  return call();
}

}  // namespace ravel::detail
