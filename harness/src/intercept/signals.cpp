// SPDX-License-Identifier: MIT
// Signals to single threads, waits for signals, and cancellation. None of them can be controlled: each is named, and
// then done as far as it can be. A signal to the whole process is the running thread's, as without Ravel.
// Thread safety: any thread. Cost while no execution is in flight: a branch.
#include "control.hpp"
#include "next.hpp"
#include "uncontrolled.hpp"

#include "engine/virtual_clock.hpp"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

RAVEL_NEXT(int, pthread_kill, (pthread_t thread, int signal), (thread, signal))
RAVEL_NEXT(int, pthread_sigqueue, (pthread_t thread, int signal, const sigval value), (thread, signal, value))
RAVEL_NEXT(int, pthread_cancel, (pthread_t thread), (thread))
RAVEL_NEXT(int, pause, (), ())
RAVEL_NEXT(int, sigsuspend, (const sigset_t* mask), (mask))
RAVEL_NEXT(int, sigwait, (const sigset_t* set, int* signal), (set, signal))
RAVEL_NEXT(int, sigwaitinfo, (const sigset_t* set, siginfo_t* info), (set, info))
RAVEL_NEXT(int, sigtimedwait, (const sigset_t* set, siginfo_t* info, const timespec* span), (set, info, span))

namespace ravel::detail {

namespace {

constexpr const char* wait_is_for_outside = "a signal comes from outside of what is controlled";
constexpr const char* comes_when_it_likes =
    "the other thread's kernel thread is parked: the signal stays pending until it runs there";

// Only the carrier, or the thread itself, can get a signal at once.
void tell_unless_own(pthread_t thread, const char* call, std::uintptr_t pc) noexcept {
  if (pthread_equal(thread, pthread_self()) == 0) tell_uncontrolled(call, comes_when_it_likes, pc);
}

// Under control: the signal's number once one of the set is pending; -1 with EAGAIN when time ran out first.
int wait_for_signal(controlled_thread& self, const char* call, const sigset_t* set, siginfo_t* info,
                    std::uint64_t deadline, std::uintptr_t pc) noexcept {
  constexpr timespec at_once{0, 0};
  for (bool is_told = false;; is_told = true) {
    const int signal = next_sigtimedwait(set, info, &at_once);
    if (signal >= 0 || errno != EAGAIN) return signal;
    if (!is_told) tell_uncontrolled(call, wait_is_for_outside, pc);
    if (!the_execution().wait_for_outside(self, event_on(operation::input, nullptr, pc), deadline)) {
      errno = EAGAIN;
      return -1;
    }
  }
}

// There is no telling whether a handler has run.
void wait_for_ever(controlled_thread& self, const char* call, std::uintptr_t pc) noexcept {
  tell_uncontrolled(call, wait_is_for_outside, pc);
  for (;;) the_execution().wait_for_outside(self, event_on(operation::input, nullptr, pc));
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_kill, (pthread_t thread, int signal)) {
  if (in_control() != nullptr && signal != 0) tell_unless_own(thread, "pthread_kill", RAVEL_CALLER);
  return next_pthread_kill(thread, signal);
}
RAVEL_INTERCEPT(int, pthread_sigqueue, (pthread_t thread, int signal, const sigval value)) {
  if (in_control() != nullptr && signal != 0) tell_unless_own(thread, "pthread_sigqueue", RAVEL_CALLER);
  return next_pthread_sigqueue(thread, signal, value);
}
RAVEL_INTERCEPT(int, pthread_cancel, (pthread_t thread)) {
  if (in_control() != nullptr)
    tell_uncontrolled("pthread_cancel", "a thread that waits under control does not end by it", RAVEL_CALLER);
  return next_pthread_cancel(thread);
}
RAVEL_INTERCEPT(int, pause, ()) {
  if (controlled_thread* self = in_control()) wait_for_ever(*self, "pause", RAVEL_CALLER);
  return next_pause();
}
RAVEL_INTERCEPT(int, sigsuspend, (const sigset_t* mask)) {
  if (controlled_thread* self = in_control()) wait_for_ever(*self, "sigsuspend", RAVEL_CALLER);
  return next_sigsuspend(mask);
}
RAVEL_INTERCEPT(int, sigwait, (const sigset_t* set, int* signal)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_sigwait(set, signal);
  const int came = wait_for_signal(*self, "sigwait", set, nullptr, execution::for_ever, RAVEL_CALLER);
  if (came < 0) return errno;
  *signal = came;
  return 0;
}
RAVEL_INTERCEPT(int, sigwaitinfo, (const sigset_t* set, siginfo_t* info)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_sigwaitinfo(set, info);
  return wait_for_signal(*self, "sigwaitinfo", set, info, execution::for_ever, RAVEL_CALLER);
}
RAVEL_INTERCEPT(int, sigtimedwait, (const sigset_t* set, siginfo_t* info, const timespec* span)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_sigtimedwait(set, info, span);
  const std::uint64_t deadline = span == nullptr ? execution::for_ever : after(the_execution().now(), *span);
  return wait_for_signal(*self, "sigtimedwait", set, info, deadline, RAVEL_CALLER);
}
