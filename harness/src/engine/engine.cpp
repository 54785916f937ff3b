// SPDX-License-Identifier: MIT
// See engine.hpp. Nothing here calls an intercepted function; waiting is by the raw futex call. The sanitizers see no
// edge between threads in a hand-over, so that races between threads that only the engine ordered are still reported.
#include "engine.hpp"

#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

namespace ravel::detail {

constinit control_state control;

namespace {

constexpr std::size_t side_stack_bytes = 32 << 10;  // a signal frame with all vector registers, and some calls

// Without libc's syscall(): that is intercepted, and would take the engine's own waits for the target's.
long raw_futex(std::atomic<std::uint32_t>* word, int call, std::uint32_t value) noexcept {
  return system_call(SYS_futex, reinterpret_cast<long>(word), call | FUTEX_PRIVATE_FLAG, value);
}

// release and acquire: what one thread under control wrote, the model's own memory included, the next one sees. Nothing
// needs one order of all hand-overs: one baton is handed on at a time, and the kernel orders its look at the word after
// what came before the call.
void wait_until_set(std::atomic<std::uint32_t>& word) noexcept {
  while (word.exchange(0, std::memory_order_acquire) == 0) raw_futex(&word, FUTEX_WAIT, 0);
}
void set(std::atomic<std::uint32_t>& word) noexcept {
  word.store(1, std::memory_order_release);
  raw_futex(&word, FUTEX_WAKE, 1);
}

void* new_side_stack() noexcept {
  void* low =
      mmap(nullptr, side_stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return low == MAP_FAILED ? nullptr : static_cast<char*>(low) + side_stack_bytes;
}

// A signal to the process is for the thread that runs, not for one whose kernel thread only waits. All are blocked but
// glibc's own (32 and 33): with those blocked, setgid() would wait for this thread for ever.
void block_signals(std::uint64_t& kept) noexcept {
  constexpr int glibc_cancel = 32, glibc_setxid = 33;
  std::uint64_t all = ~(std::uint64_t{1} << (glibc_cancel - 1) | std::uint64_t{1} << (glibc_setxid - 1));
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &kept, sizeof all);
}
void restore_signals(const std::uint64_t& kept) noexcept {
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &kept, nullptr, sizeof kept);
}

// release: whoever saw it in await_parked arms a context on this thread's stack, and reads what park() noted.
void tell_parked(controlled_thread& self) noexcept {
  self.is_parked.store(1, std::memory_order_release);
  raw_futex(&self.is_parked, FUTEX_WAKE, 1);
}

// Told from here, because from then on the thread's stack is its context's: not even a signal may use it.
void wait_aside(void* argument) {
  auto& self = *static_cast<controlled_thread*>(argument);
  tell_parked(self);
  wait_until_set(self.baton);
  restore_signals(self.signals);
  if (!self.resumes_context) return;
  self.resumes_context = false;
  switch_context(&self.parked_sp, self.saved_sp, self.thread_pointer);
}

}  // namespace

const char* word_for(engine_kind kind) noexcept { return kind == engine_kind::user ? "user" : "kernel"; }

constinit engine only_engine;

void engine::start(engine_kind kind) noexcept {
  kind_ = kind == engine_kind::user && can_switch_contexts() ? engine_kind::user : engine_kind::kernel;
  carrier_pointer_ = thread_pointer();
  carrier_id_ = static_cast<std::int32_t>(syscall(SYS_gettid));
  if (kind_ == engine_kind::kernel) return;
  if (idle_stack_ == nullptr) idle_stack_ = new_side_stack();
  if (idle_stack_ == nullptr) {
    kind_ = engine_kind::kernel;
    return;
  }
  idle_sp_ = make_context(idle_stack_, idle, this);
}

void engine::adopt_caller(controlled_thread& self) noexcept {
  self.thread_pointer = thread_pointer();
  const bool is_starter = self.thread_pointer == carrier_pointer_;
  self.kernel_id = is_starter ? carrier_id_ : static_cast<std::int32_t>(syscall(SYS_gettid));
  self.is_carried = kind_ == engine_kind::user && is_starter;
}

// What the carrier does while a native thread has control.
void engine::idle(void* argument) {
  auto& self = *static_cast<engine*>(argument);
  for (;;) {
    // Only now is nobody on the stack of the thread that became native.
    if (controlled_thread* native = self.next_native_) {
      self.next_native_ = nullptr;
      set(native->baton);
    }
    self.wait_as_carrier();
    controlled_thread& target = *self.carrier_target_;
    switch_context(&self.idle_sp_, target.saved_sp, target.thread_pointer);
  }
}

void engine::wait_as_carrier() noexcept { wait_until_set(carrier_baton_); }

void engine::give_baton(controlled_thread& to) noexcept {
  if (to.is_carried) {
    carrier_target_ = &to;
    set(carrier_baton_);
  } else {
    set(to.baton);
  }
}

void engine::switch_to_idle(void** save, controlled_thread& to) noexcept {
  next_native_ = &to;
  switch_context(save, idle_sp_, carrier_pointer_);
}

void engine::hand_over(controlled_thread& self, controlled_thread& to) noexcept {
  self.frame = __builtin_frame_address(0);
  control.running = &to;
  if (!self.is_carried) {
    give_baton(to);
    wait_until_set(self.baton);
  } else if (to.is_carried) {
    switch_context(&self.saved_sp, to.saved_sp, to.thread_pointer);
  } else {
    switch_to_idle(&self.saved_sp, to);
  }
}

void engine::leave(controlled_thread& self, controlled_thread& to) noexcept {
  control.running = &to;
  if (!self.is_carried) {
    const bool has_moved = self.has_moved;
    self.has_moved = false;
    give_baton(to);
    if (has_moved) return_to_park(self);
  } else if (to.is_carried) {
    switch_context(&nobody_, to.saved_sp, to.thread_pointer);
  } else {
    switch_to_idle(&nobody_, to);
  }
}

void engine::go_native(controlled_thread& self, controlled_thread& to) noexcept {
  if (!self.is_carried) {
    if (&to != &self) hand_over(self, to);
    return;
  }
  self.frame = __builtin_frame_address(0);
  self.is_carried = false;
  self.has_moved = self.resumes_context = true;
  control.running = &to;
  if (to.is_carried)
    switch_context(&self.saved_sp, to.saved_sp, to.thread_pointer);
  else
    switch_to_idle(&self.saved_sp, to);
}

void engine::return_to_park(controlled_thread& self) noexcept {
  void* nobody;
  self.has_moved = false;
  switch_context(&nobody, self.parked_sp, self.thread_pointer);
}

void engine::leave_to_native(controlled_thread& self, controlled_thread& to) noexcept {
  self.is_carried = false;
  self.resumes_context = false;
  control.running = &to;
  if (to.is_carried)
    switch_context(&nobody_, to.saved_sp, to.thread_pointer);
  else
    switch_to_idle(&nobody_, to);
}

void engine::park(controlled_thread& self) noexcept {
  self.thread_pointer = thread_pointer();
  self.kernel_id = static_cast<std::int32_t>(syscall(SYS_gettid));
  self.is_carried = kind_ == engine_kind::user;
  self.baton.store(0, std::memory_order_relaxed);  // relaxed: published by is_parked
  self.has_moved = self.resumes_context = false;
  if (self.is_carried && self.waiting_stack == nullptr) self.waiting_stack = new_side_stack();
  if (self.waiting_stack == nullptr) self.is_carried = false;
  // Below this frame and what the compiler may keep under the stack pointer.
  self.stack_top = static_cast<char*>(__builtin_frame_address(0)) - 512;
  if (self.is_carried) block_signals(self.signals);  // before the carrier may run it
  if (self.is_carried) {
    call_on_stack(self.waiting_stack, wait_aside, &self);
  } else {
    tell_parked(self);
    wait_until_set(self.baton);
  }
}

void engine::await_parked(controlled_thread& thread) noexcept {
  while (thread.is_parked.load(std::memory_order_acquire) == 0) raw_futex(&thread.is_parked, FUTEX_WAIT, 0);
}

void engine::carry(void* argument) {
  auto& self = *static_cast<controlled_thread*>(argument);
  self.entry(self);
  __builtin_trap();  // an entry ends by leave() or leave_to_native()
}

void engine::arm(controlled_thread& thread) noexcept {
  if (thread.is_carried) thread.saved_sp = make_context(thread.stack_top, carry, &thread);
}

void engine::dismiss(controlled_thread& thread) noexcept { set(thread.baton); }

}  // namespace ravel::detail
