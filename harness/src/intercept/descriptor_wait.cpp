// SPDX-License-Identifier: MIT
// poll, select and epoll_wait, and the wait behind all other calls on descriptors: see descriptor_wait.hpp.
#include "descriptor_wait.hpp"

#include "cancellation.hpp"
#include "next.hpp"
#include "open_descriptors.hpp"
#include "signal_model.hpp"

#include "engine/virtual_clock.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

RAVEL_NEXT(int, poll, (pollfd * list, nfds_t count, int milliseconds), (list, count, milliseconds))
RAVEL_NEXT(int, ppoll, (pollfd * list, nfds_t count, const timespec* span, const sigset_t* mask),
           (list, count, span, mask))
RAVEL_NEXT(int, select, (int count, fd_set* in, fd_set* out, fd_set* error, timeval* span),
           (count, in, out, error, span))
RAVEL_NEXT(int, pselect,
           (int count, fd_set* in, fd_set* out, fd_set* error, const timespec* span, const sigset_t* mask),
           (count, in, out, error, span, mask))
RAVEL_NEXT(int, epoll_wait, (int epoll, epoll_event* events, int most, int milliseconds),
           (epoll, events, most, milliseconds))
RAVEL_NEXT(int, epoll_pwait, (int epoll, epoll_event* events, int most, int milliseconds, const sigset_t* mask),
           (epoll, events, most, milliseconds, mask))

namespace ravel::detail {

namespace {

std::uint64_t deadline_after(int milliseconds) noexcept {
  if (milliseconds < 0) return execution::for_ever;
  return the_execution().now() + static_cast<std::uint64_t>(milliseconds) * 1'000'000;
}
std::uint64_t deadline_after(const timespec* span) noexcept {
  return span == nullptr ? execution::for_ever : after(the_execution().now(), *span);
}

// What poll is asked for, and what it answers to whoever has control: without any interception.
struct awaited_input {
  static constexpr nfds_t most = 16;
  const pollfd* list = nullptr;
  nfds_t count = 0;
  [[nodiscard]] bool is_known() const noexcept { return list != nullptr && count <= most; }
};
bool has_input(const void* awaited) noexcept {
  const auto& input = *static_cast<const awaited_input*>(awaited);
  pollfd list[awaited_input::most];
  std::copy_n(input.list, input.count, list);
  const timespec at_once{};
  return system_call(SYS_ppoll, reinterpret_cast<long>(list), static_cast<long>(input.count),
                     reinterpret_cast<long>(&at_once), 0L, 0L) != 0;
}

// look: the call itself, without waiting. Its result once that is not 0, or time ran out; -1 with EINTR when a handler
// ran that ends the call. handlers_before: any that ran since does.
template <class Look>
int look_until(controlled_thread& self, const awaited_input& input, std::uint64_t deadline, std::uintptr_t pc,
               Look look, bool is_restarted = false, const std::uint32_t* handlers_before = nullptr) {
  execution& execution = the_execution();
  const event waits = event_on(operation::input, nullptr, pc);
  bool (*const ask)(const void*) noexcept = input.is_known() ? has_input : nullptr;
  execution.point(self, waits);
  for (;;) {
    show_signals_to_descriptors(self);
    if (const int result = look(); result != 0) {
      execution.outside_came();
      return result;
    }
    const bool has_handled = handlers_before != nullptr && self.handlers_run != *handlers_before;
    if (!has_handled &&
        (deadline <= execution.now() || !execution.wait_for_outside(self, waits, deadline, ask, &input)))
      return 0;
    if (has_handled || self.interrupted == interruption::fails ||
        (self.interrupted == interruption::restarts && !is_restarted)) {
      errno = EINTR;
      return -1;
    }
  }
}

// The mask that is in force while ppoll and its siblings wait. What it lets through runs before the call looks, which
// then fails.
class mask_meanwhile {
 public:
  mask_meanwhile(controlled_thread& self, const sigset_t* mask) noexcept
      : self_(self), handlers_(self.handlers_run), is_set_(mask != nullptr) {
    if (!is_set_) return;
    before_ = mask_of(self);
    self.blocked_signals = bits_of(*mask);
    static_cast<void>(run_due_handlers(self));
  }
  ~mask_meanwhile() {
    if (!is_set_) return;
    const int kept = errno;
    set_mask(self_, before_, false);
    errno = kept;
  }
  // How many handlers had run before; null: the mask stays as it is.
  [[nodiscard]] const std::uint32_t* handlers() const noexcept { return is_set_ ? &handlers_ : nullptr; }
  mask_meanwhile(const mask_meanwhile&) = delete;
  mask_meanwhile& operator=(const mask_meanwhile&) = delete;

 private:
  controlled_thread& self_;
  signal_bits before_ = 0;
  std::uint32_t handlers_;
  bool is_set_;
};

// The sets that a select changes, put back before each look.
struct select_sets {
  fd_set* at[3];
  fd_set asked[3];
  int count;

  select_sets(int of, fd_set* in, fd_set* out, fd_set* error) noexcept : at{in, out, error}, count(of) {
    for (int i = 0; i < 3; ++i)
      if (at[i] != nullptr) asked[i] = *at[i];
  }
  int look() noexcept {
    for (int i = 0; i < 3; ++i)
      if (at[i] != nullptr) *at[i] = asked[i];
    timeval at_once{0, 0};
    return next_select(count, at[0], at[1], at[2], &at_once);
  }
};

}  // namespace

bool is_ready(int descriptor, short wanted) noexcept {
  pollfd one{descriptor, wanted, 0};
  if (next_poll(&one, 1, 0) != 0) return true;  // ready, in error, or no descriptor at all: the call will say
  const int flags = fcntl(descriptor, F_GETFL);
  return flags < 0 || (flags & O_NONBLOCK) != 0;
}

readiness await_ready(controlled_thread& self, int descriptor, short wanted, std::uintptr_t pc,
                      std::uint64_t deadline) noexcept {
  const int kept = errno;
  const pollfd list{descriptor, wanted, 0};
  const awaited_input input{&list, 1};
  execution& execution = the_execution();
  if (execution.may_hear_of_child() && wanted == POLLIN && !has_input(&input) && is_written_elsewhere(descriptor))
    static_cast<void>(execution.comes_soon(has_input, &input));
  const int came = look_until(self, input, deadline, pc, [=] { return is_ready(descriptor, wanted) ? 1 : 0; }, true);
  if (came >= 0) errno = kept;
  return came > 0 ? readiness::ready : came == 0 ? readiness::late : readiness::interrupted;
}

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, poll, (pollfd * list, nfds_t count, int milliseconds)) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return next_poll(list, count, milliseconds);
  const cancellation_point here(*self);
  return look_until(*self, {list, count}, deadline_after(milliseconds), RAVEL_CALLER,
                    [=] { return next_poll(list, count, 0); });
}
RAVEL_INTERCEPT(int, ppoll, (pollfd * list, nfds_t count, const timespec* span, const sigset_t* mask)) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return next_ppoll(list, count, span, mask);
  const cancellation_point here(*self);
  const mask_meanwhile masked(*self, mask);
  return look_until(
      *self, {list, count}, deadline_after(span), RAVEL_CALLER, [=] { return next_poll(list, count, 0); }, false,
      masked.handlers());
}
RAVEL_INTERCEPT(int, select, (int count, fd_set* in, fd_set* out, fd_set* error, timeval* span)) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return next_select(count, in, out, error, span);
  const timespec exact =
      span == nullptr ? timespec{} : timespec{span->tv_sec, static_cast<long>(span->tv_usec) * 1'000};
  const cancellation_point here(*self);
  select_sets sets(count, in, out, error);
  return look_until(*self, {}, deadline_after(span == nullptr ? nullptr : &exact), RAVEL_CALLER,
                    [&] { return sets.look(); });
}
RAVEL_INTERCEPT(int, pselect,
                (int count, fd_set* in, fd_set* out, fd_set* error, const timespec* span, const sigset_t* mask)) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return next_pselect(count, in, out, error, span, mask);
  const cancellation_point here(*self);
  const mask_meanwhile masked(*self, mask);
  select_sets sets(count, in, out, error);
  return look_until(
      *self, {}, deadline_after(span), RAVEL_CALLER, [&] { return sets.look(); }, false, masked.handlers());
}
RAVEL_INTERCEPT(int, epoll_wait, (int epoll, epoll_event* events, int most, int milliseconds)) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return next_epoll_wait(epoll, events, most, milliseconds);
  const cancellation_point here(*self);
  const pollfd whole{epoll, POLLIN, 0};
  return look_until(*self, {&whole, 1}, deadline_after(milliseconds), RAVEL_CALLER,
                    [=] { return next_epoll_wait(epoll, events, most, 0); });
}
RAVEL_INTERCEPT(int, epoll_pwait, (int epoll, epoll_event* events, int most, int milliseconds, const sigset_t* mask)) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return next_epoll_pwait(epoll, events, most, milliseconds, mask);
  const cancellation_point here(*self);
  const mask_meanwhile masked(*self, mask);
  const pollfd whole{epoll, POLLIN, 0};
  return look_until(
      *self, {&whole, 1}, deadline_after(milliseconds), RAVEL_CALLER,
      [=] { return next_epoll_wait(epoll, events, most, 0); }, false, masked.handlers());
}
