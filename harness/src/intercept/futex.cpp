// SPDX-License-Identifier: MIT
// The futex system call, by which the C++ library waits: atomic::wait, latch, barrier, semaphore, future. It goes
// through libc's syscall(); libc's own waits do not, and are intercepted by the names of what waits. Under control the
// word is compared and the wait begun in one step, by the model alone; a thread outside the execution that waits on the
// same word is woken by the real call. Thread safety: any thread. Cost while no execution is in flight: a branch.
#include "alone.hpp"
#include "control.hpp"
#include "next.hpp"
#include "time_limit.hpp"
#include "uncontrolled.hpp"

#include "engine/virtual_clock.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>

RAVEL_NEXT(long, syscall, (long number, long a, long b, long c, long d, long e, long f), (number, a, b, c, d, e, f))

namespace ravel::detail {

namespace {

// Threads outside the execution that are in the real call, or on their way into it. relaxed, because the kernel has a
// full barrier between that and its look at the word; the other side has its own, in wake().
std::atomic<std::uint32_t> waiting_outside{0};

struct futex_call {
  std::uint32_t* word;
  int what, flags;
  std::uint32_t value;
  const timespec* time;
  std::uint32_t most_moved;  // how the system call sees its fourth argument when it is no time
  std::uint32_t* other_word;
  std::uint32_t third;  // compared value, or bits
  std::uintptr_t pc;
};

std::uint64_t deadline_of(const futex_call& call) noexcept {
  if (call.time == nullptr) return execution::for_ever;
  if (call.what == FUTEX_WAIT) return after(the_execution().now(), *call.time);
  return virtual_deadline((call.flags & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC, *call.time);
}

long failed(int error) noexcept {
  errno = error;
  return -1;
}

long wait(controlled_thread& self, const futex_call& call) noexcept {
  execution& execution = the_execution();
  const event waits = event_on(operation::acquire, call.word, call.pc);
  execution.point(self, waits);
  if (call.time != nullptr && !is_valid_span(*call.time)) return failed(EINVAL);
  const std::uint64_t deadline = deadline_of(call);
  for (;;) {
    if (__atomic_load_n(call.word, __ATOMIC_SEQ_CST) != call.value) return failed(EAGAIN);
    if (!execution.wait(self, waits, execution.object(call.word), deadline)) return failed(ETIMEDOUT);
    if (self.interrupted == interruption::none) return 0;
    if (self.interrupted == interruption::fails) return failed(EINTR);
  }
}

// Those outside the execution are woken for real: by the remaining count.
long wake(controlled_thread& self, const futex_call& call, std::uint32_t most) noexcept {
  execution& execution = the_execution();
  execution.point(self, event_on(operation::release, call.word, call.pc));
  const std::uint32_t woken = execution.wake(execution.object(call.word), most);
  long outside = 0;
  // The target's store to the word comes before the look at who waits, as in the kernel's own wake-up: with only a
  // release store the look could overtake it, and miss one that still saw the old value and went to sleep.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (woken < most && waiting_outside.load(std::memory_order_relaxed) != 0)
    outside = next_syscall(SYS_futex, reinterpret_cast<long>(call.word), FUTEX_WAKE | call.flags,
                           static_cast<long>(most - woken), 0, 0, 0);
  return woken + (outside > 0 ? outside : 0);
}

// Whoever would be moved is woken: a wake-up without cause is allowed to every futex wait.
long requeue(controlled_thread& self, const futex_call& call) noexcept {
  if (call.what == FUTEX_CMP_REQUEUE && __atomic_load_n(call.word, __ATOMIC_SEQ_CST) != call.third)
    return failed(EAGAIN);
  const std::uint64_t most = std::uint64_t{call.value} + call.most_moved;
  return wake(self, call, static_cast<std::uint32_t>(most > 0x7FFFFFFF ? 0x7FFFFFFF : most));
}

bool model(controlled_thread& self, const futex_call& call, long& result) noexcept {
  switch (call.what) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET: result = wait(self, call); return true;
    // Bits choose among waiters; nobody is known to use them, and waking too many is allowed.
    case FUTEX_WAKE: result = wake(self, call, call.value); return true;
    case FUTEX_WAKE_BITSET: result = wake(self, call, call.third == ~0u ? call.value : ~0u >> 1); return true;
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE: result = requeue(self, call); return true;
    default:
      tell_uncontrolled("syscall(SYS_futex)", "an operation that is not modelled; it may block every thread", call.pc);
      return false;
  }
}

// Nobody else can change the word, or wake.
[[gnu::noinline]] long futex_alone(long a, long b, long c, long d, long e, long f) noexcept {
  const int what = static_cast<int>(b) & FUTEX_CMD_MASK;
  if (what != FUTEX_WAIT && what != FUTEX_WAIT_BITSET) return next_syscall(SYS_futex, a, b, c, d, e, f);
  if (__atomic_load_n(reinterpret_cast<std::uint32_t*>(a), __ATOMIC_SEQ_CST) != static_cast<std::uint32_t>(c))
    return failed(EAGAIN);
  const auto* time = reinterpret_cast<const timespec*>(d);
  if (time == nullptr) leave_alone();
  if (what == FUTEX_WAIT)
    skip(*time);
  else
    skip_to((static_cast<int>(b) & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC, *time);
  return failed(ETIMEDOUT);
}

[[gnu::noinline]] long futex(long a, long b, long c, long d, long e, long f, std::uintptr_t pc) noexcept {
  const int command = static_cast<int>(b);
  const int what = command & FUTEX_CMD_MASK;
  if (controlled_thread* self = in_control()) {
    const futex_call call{reinterpret_cast<std::uint32_t*>(a),
                          what,
                          command & ~FUTEX_CMD_MASK,
                          static_cast<std::uint32_t>(c),
                          reinterpret_cast<const timespec*>(d),
                          static_cast<std::uint32_t>(d),
                          reinterpret_cast<std::uint32_t*>(e),
                          static_cast<std::uint32_t>(f),
                          pc};
    long result;
    if (model(*self, call, result)) return result;
  }
  const bool waits = what == FUTEX_WAIT || what == FUTEX_WAIT_BITSET;
  if (waits) waiting_outside.fetch_add(1, std::memory_order_relaxed);
  const long result = next_syscall(SYS_futex, a, b, c, d, e, f);
  if (waits) waiting_outside.fetch_sub(1, std::memory_order_relaxed);
  return result;
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

// What the caller did not give is read all the same, and not used by the system call. Variadic, because a parameter on
// the stack would be the function's to write to, and where the caller gave none that place is the caller's.
RAVEL_INTERCEPT(long, syscall, (long number, ...)) {
  va_list given;
  va_start(given, number);
  const long a = va_arg(given, long), b = va_arg(given, long), c = va_arg(given, long), d = va_arg(given, long),
             e = va_arg(given, long), f = va_arg(given, long);
  va_end(given);
  if (is_alone() && number == SYS_futex) [[unlikely]]
    return futex_alone(a, b, c, d, e, f);
  if (control.running == nullptr) [[likely]]
    return next_syscall(number, a, b, c, d, e, f);
  if (number == SYS_futex) return futex(a, b, c, d, e, f, RAVEL_CALLER);
  controlled_thread* self = in_control();
  if (self != nullptr && number == SYS_gettid) return self->kernel_id;
  if (self != nullptr && number == SYS_sched_yield) {
    the_execution().yield(*self, event_on(operation::yield, nullptr, RAVEL_CALLER));
    return 0;
  }
  return next_syscall(number, a, b, c, d, e, f);
}
