// SPDX-License-Identifier: MIT
// Waiting for signals: sigwait and its siblings, sigsuspend, pause, signalfd. Under control they take what others under
// control send (signal_model.hpp), and what comes from outside: a child's end, a kill(1). They are cancellation points.
// Thread safety: any thread. Cost while no execution is in flight: a branch.
#include "cancellation.hpp"
#include "control.hpp"
#include "next.hpp"
#include "signal_descriptors.hpp"
#include "signal_model.hpp"
#include "time_limit.hpp"

#include "engine/virtual_clock.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

RAVEL_NEXT(int, pause, (), ())
RAVEL_NEXT(int, sigsuspend, (const sigset_t* mask), (mask))
RAVEL_NEXT(int, sigwait, (const sigset_t* set, int* signal), (set, signal))
RAVEL_NEXT(int, sigwaitinfo, (const sigset_t* set, siginfo_t* info), (set, info))
RAVEL_NEXT(int, sigtimedwait, (const sigset_t* set, siginfo_t* info, const timespec* span), (set, info, span))
RAVEL_NEXT(int, signalfd, (int descriptor, const sigset_t* mask, int flags), (descriptor, mask, flags))

namespace ravel::detail {

namespace {

event waits_at(const controlled_thread& self, std::uintptr_t pc) noexcept {
  return event_on(operation::await_signal, &self, pc);
}

bool is_really_pending(const void* bits) noexcept {
  return (really_pending() & *static_cast<const signal_bits*>(bits)) != 0;
}

// libc calls those that a thread was sent by this name, as those that the process was.
int take_as_waited_for(controlled_thread& self, signal_bits wanted, siginfo_t* info) noexcept {
  const int signal = take_signal(self, wanted, info);
  if (signal != 0 && info != nullptr && info->si_code == SI_TKILL) info->si_code = SI_USER;
  return signal;
}

// The signal's number once one of the set is pending; -1 with EAGAIN when time ran out first, EINTR when a handler ran.
int wait_for_signal(controlled_thread& self, const sigset_t& set, siginfo_t* info, std::uint64_t deadline,
                    std::uintptr_t pc) noexcept {
  constexpr timespec at_once{0, 0};
  const signal_bits wanted = bits_of(set);
  execution& execution = the_execution();
  execution.point(self, waits_at(self, pc));
  for (;;) {
    if (const int signal = take_as_waited_for(self, wanted, info); signal != 0) return signal;
    if (is_really_pending(&wanted)) {
      const int signal = next_sigtimedwait(&set, info, &at_once);
      if (signal >= 0 || errno != EAGAIN) {
        execution.outside_came();
        return signal;
      }
    }
    errno = EAGAIN;
    if (deadline <= execution.now()) return -1;
    self.awaited_signals = wanted;
    const bool is_in_time = execution.wait_for_outside(self, waits_at(self, pc), deadline, is_really_pending, &wanted);
    self.awaited_signals = 0;
    if (const int signal = take_as_waited_for(self, wanted, info); signal != 0) return signal;
    errno = EAGAIN;
    if (!is_in_time) return -1;
    if (self.interrupted == interruption::none || self.interrupted == interruption::idle) continue;
    errno = EINTR;
    return -1;
  }
}

struct outside_signals {
  signal_bits wanted;
  std::uint64_t handlers;  // that had run before
};

bool has_interrupted(const void* awaited) noexcept {
  const auto& outside = *static_cast<const outside_signals*>(awaited);
  return is_really_pending(&outside.wanted) || the_execution().handlers_meanwhile() != outside.handlers;
}

// Until a handler has run.
void wait_for_handler(controlled_thread& self, signal_bits mask, std::uintptr_t pc) noexcept {
  execution& execution = the_execution();
  const outside_signals outside{~mask, execution.handlers_meanwhile()};
  if (run_due_handlers(self)) return;
  for (;;) {
    if (has_interrupted(&outside)) {
      const sigset_t set = set_of(mask);
      if (is_really_pending(&outside.wanted)) next_sigsuspend(&set);  // it runs now
      return execution.outside_came();
    }
    execution.wait_for_outside(self, waits_at(self, pc), execution::for_ever, has_interrupted, &outside);
    if (self.interrupted == interruption::restarts || self.interrupted == interruption::fails) return;
  }
}

int interrupted() noexcept {
  errno = EINTR;
  return -1;
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, pause, ()) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_pause();
  const cancellation_point here(*self);
  the_execution().point(*self, event_on(operation::await_signal, self, RAVEL_CALLER));
  wait_for_handler(*self, mask_of(*self), RAVEL_CALLER);
  return interrupted();
}
RAVEL_INTERCEPT(int, sigsuspend, (const sigset_t* mask)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_sigsuspend(mask);
  const cancellation_point here(*self);
  the_execution().point(*self, event_on(operation::await_signal, self, RAVEL_CALLER));
  const signal_bits before = mask_of(*self);
  self->blocked_signals = bits_of(*mask);
  wait_for_handler(*self, bits_of(*mask), RAVEL_CALLER);
  set_mask(*self, before, false);
  return interrupted();
}
RAVEL_INTERCEPT(int, sigwait, (const sigset_t* set, int* signal)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_sigwait(set, signal);
  const cancellation_point here(*self);
  int came;
  do came = wait_for_signal(*self, *set, nullptr, execution::for_ever, RAVEL_CALLER);
  while (came < 0 && errno == EINTR && !self->is_to_end());
  if (came < 0) return errno;
  *signal = came;
  return 0;
}
RAVEL_INTERCEPT(int, sigwaitinfo, (const sigset_t* set, siginfo_t* info)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_sigwaitinfo(set, info);
  const cancellation_point here(*self);
  return wait_for_signal(*self, *set, info, execution::for_ever, RAVEL_CALLER);
}
RAVEL_INTERCEPT(int, sigtimedwait, (const sigset_t* set, siginfo_t* info, const timespec* span)) {
  controlled_thread* self = in_control();
  if (self == nullptr || (span != nullptr && !is_valid_span(*span))) return next_sigtimedwait(set, info, span);
  const cancellation_point here(*self);
  const std::uint64_t deadline = span == nullptr ? execution::for_ever : after(the_execution().now(), *span);
  return wait_for_signal(*self, *set, info, deadline, RAVEL_CALLER);
}
RAVEL_INTERCEPT(int, signalfd, (int descriptor, const sigset_t* mask, int flags)) {
  const int made = next_signalfd(descriptor, mask, flags);
  if (made >= 0 && in_control() != nullptr) note_signal_descriptor(made, bits_of(*mask));
  return made;
}
