// SPDX-License-Identifier: MIT
// See signal_model.hpp.
#include "signal_model.hpp"

#include "cancellation.hpp"
#include "control.hpp"
#include "fault_handlers.hpp"
#include "next.hpp"
#include "signal_descriptors.hpp"
#include "signal_queue.hpp"
#include "signal_stack.hpp"

#include "base/own_handlers.hpp"
#include "engine/context.hpp"

#include <pthread.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

RAVEL_NEXT(int, sigaction, (int signal, const struct sigaction* action, struct sigaction* old), (signal, action, old))

namespace ravel::detail {

namespace {

// Of the execution that is in flight. Plain memory of the process: a forked one starts with a copy and no execution.
struct model {
  std::uint64_t execution;
  signal_bits process_pending;
  signal_bits real_mask;  // the carrier's
  bool are_masks_own;     // they differ by thread
} signals;

signal_bits raw_mask(int how, const signal_bits* mask) noexcept {
  signal_bits old = 0;
  system_call(SYS_rt_sigprocmask, how, reinterpret_cast<long>(mask), reinterpret_cast<long>(&old), sizeof old);
  return old;
}

bool runs_on_carrier(const controlled_thread& self) noexcept { return self.is_carried || self.index == 0; }

// Every thread that has not said otherwise has the mask of the body's kernel thread, from which all descend.
void settle(controlled_thread& self) noexcept {
  execution& execution = the_execution();
  if (signals.execution != execution.begun()) {
    signals.execution = execution.begun();
    signals.process_pending = 0;
    forget_sent();
    signals.are_masks_own = false;
    signals.real_mask = raw_mask(SIG_BLOCK, nullptr);
  }
  if (self.knows_mask) return;
  for (std::uint32_t i = 0; i < execution.thread_count(); ++i) {
    controlled_thread& one = execution.thread(i);
    if (one.knows_mask) continue;
    one.knows_mask = true;
    one.blocked_signals = signals.real_mask;
  }
}

bool is_in_handler(const controlled_thread& thread, const void* handler, const void* now) noexcept {
  const bool is_on_own_stack = is_on_own_signal_stack(thread, now);
  if (is_on_own_stack != is_on_own_signal_stack(thread, handler))
    return is_on_own_stack;  // in one that runs in it there
  return now < handler;
}

// A handler that was left by a jump out of it: the mask is that of before. Where the thread is now tells, for one that
// does not run, too.
void forget_left_handlers(controlled_thread& thread) noexcept {
  const void* const now = &thread == control.running ? __builtin_frame_address(0) : thread.frame;
  while (thread.handler_depth != 0 && thread.handler_depth <= controlled_thread::most_handlers &&
         !is_in_handler(thread, thread.handlers[thread.handler_depth - 1].frame, now)) {
    thread.blocked_signals = thread.handlers[thread.handler_depth - 1].mask;
    --thread.handler_depth;
  }
}

void apply_real_mask(controlled_thread& self) noexcept {
  if (self.handler_depth != 0) forget_left_handlers(self);
  if (!runs_on_carrier(self) || signals.real_mask == self.blocked_signals) return;
  signals.real_mask = self.blocked_signals;
  raw_mask(SIG_SETMASK, &self.blocked_signals);
}

// From now on each thread that gets control puts its own mask in force.
void tell_masks_differ() noexcept {
  if (signals.are_masks_own) return;
  signals.are_masks_own = true;
  execution& execution = the_execution();
  for (std::uint32_t i = 0; i < execution.thread_count(); ++i) execution.thread(i).on_resume |= has_own_mask;
}

enum class disposition : std::uint8_t { handled, ignored, fatal };

disposition disposition_of(int signal, struct sigaction& action) noexcept {
  const int kept = errno;
  std::memset(&action, 0, sizeof action);
  next_sigaction(signal, nullptr, &action);
  show_target_handler(signal, action);
  errno = kept;
  if (action.sa_handler == SIG_IGN) return disposition::ignored;
  const bool is_default = action.sa_handler == SIG_DFL || is_own_handler(reinterpret_cast<void*>(action.sa_sigaction));
  if (!is_default) return disposition::handled;
  const bool is_nothing = signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH;
  return is_nothing ? disposition::ignored : disposition::fatal;
}

// Really, so that the process ends, or stops, as it would.
void let_kernel_act(int signal) noexcept {
  const signal_bits only = signal_bit(signal);
  raw_mask(SIG_UNBLOCK, &only);
  system_call(SYS_tgkill, getpid(), system_call(SYS_gettid), signal);
  signals.real_mask = raw_mask(SIG_BLOCK, nullptr);
}

bool is_alive(const controlled_thread& one) noexcept {
  if (one.index == 0 && the_execution().is_ending()) return false;
  return one.state != standing::done && one.state != standing::unused && !one.is_daemon;
}
bool takes(controlled_thread& one, signal_bits bit) noexcept {
  forget_left_handlers(one);
  return (one.blocked_signals & bit) == 0 || (one.awaited_signals & bit) != 0;
}

// nullptr: all block it.
controlled_thread* choose_taker(signal_bits bit) noexcept {
  execution& execution = the_execution();
  const std::uint32_t threads = execution.thread_count();
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < threads; ++i)
    count += is_alive(execution.thread(i)) && takes(execution.thread(i), bit) ? 1 : 0;
  if (count == 0) return nullptr;
  std::uint32_t left = execution.pick(count);
  for (std::uint32_t i = 0;; ++i)
    if (is_alive(execution.thread(i)) && takes(execution.thread(i), bit) && left-- == 0) return &execution.thread(i);
}

// The handler's own place, told as if it had been called from its first instruction.
std::uintptr_t place_of(const struct sigaction& action) noexcept {
  return reinterpret_cast<std::uintptr_t>(action.sa_sigaction) + 1;
}

struct handler_call {
  controlled_thread& self;
  const struct sigaction& action;
  siginfo_t& info;
  signal_bits mask;  // to be in force after it
};

[[gnu::noinline]] void make_call(void* argument) {
  auto& call = *static_cast<handler_call*>(argument);
  if (call.self.handler_depth <= controlled_thread::most_handlers)
    call.self.handlers[call.self.handler_depth - 1].frame = __builtin_frame_address(0);
  if ((call.action.sa_flags & SA_SIGINFO) == 0) return call.action.sa_handler(call.info.si_signo);
  ucontext_t context;
  getcontext(&context);
  context.uc_sigmask = set_of(call.mask);
  call.action.sa_sigaction(call.info.si_signo, &call.info, &context);
  call.mask = bits_of(context.uc_sigmask);
}

void call_handler(controlled_thread& self, const struct sigaction& action, siginfo_t& info) noexcept {
  const int signal = info.si_signo;
  const signal_bits before = self.blocked_signals;
  const bool was_in_cancellation_point = self.is_in_cancellation_point;
  self.is_in_cancellation_point = false;  // what the handler waits for is no part of the call
  self.blocked_signals |= bits_of(action.sa_mask) | ((action.sa_flags & SA_NODEFER) != 0 ? 0 : signal_bit(signal));
  if (self.handler_depth < controlled_thread::most_handlers)
    self.handlers[self.handler_depth] = {__builtin_frame_address(0), before};
  ++self.handler_depth;
  ++self.handlers_run;
  the_execution().point(self, event_on(operation::handle_signal, &self, place_of(action)));
  handler_call call{self, action, info, before};
  const bool is_elsewhere = (action.sa_flags & SA_ONSTACK) != 0 && self.signal_stack_size != 0 &&
                            !is_on_own_signal_stack(self, __builtin_frame_address(0));
  if (is_elsewhere)
    call_on_stack(static_cast<char*>(self.signal_stack) + self.signal_stack_size, make_call, &call);
  else
    make_call(&call);
  self.blocked_signals = call.mask;
  if (self.handler_depth != 0) --self.handler_depth;
  self.is_in_cancellation_point = was_in_cancellation_point;
  apply_real_mask(self);
}

interruption run_handlers(controlled_thread& self) noexcept {
  interruption how = interruption::idle;
  for (;;) {
    const signal_bits due = ~self.blocked_signals & ~self.awaited_signals;
    const sent_signal* sent = take_sent(self.index, self.pending_signals, due);
    if (sent == nullptr) sent = take_sent(to_process, signals.process_pending, due);
    if (sent == nullptr) return how;
    siginfo_t info = sent->info;
    struct sigaction action;
    const disposition what = disposition_of(info.si_signo, action);
    if (what == disposition::fatal) {
      tell_fatal(*sent);
      let_kernel_act(info.si_signo);
    }
    if (what != disposition::handled) continue;
    if ((action.sa_flags & SA_RESETHAND) != 0) {
      struct sigaction none{};
      none.sa_handler = SIG_DFL;
      next_sigaction(info.si_signo, &none, nullptr);
    }
    call_handler(self, action, info);
    if ((action.sa_flags & SA_RESTART) == 0) how = interruption::fails;
    if (how == interruption::idle) how = interruption::restarts;
  }
}

interruption see_to_signals(controlled_thread& self) noexcept {
  if ((self.on_resume & has_own_mask) != 0) apply_real_mask(self);
  if ((self.on_resume & has_own_stack) != 0) apply_signal_stack(self);
  if ((self.on_resume & has_signals) == 0) return interruption::idle;
  self.on_resume &= static_cast<std::uint8_t>(~has_signals);
  if (self.is_to_end() && self.is_cancelled_anywhere) {
    end_at_point(self);
    self.on_resume |= has_signals;  // not found where that is: at the next, then
  }
  const interruption how = run_handlers(self);
  return self.is_to_end() && self.is_in_cancellation_point ? interruption::fails : how;
}

[[gnu::constructor]] void take_part() noexcept { the_execution().hand_resumed_to(see_to_signals); }

}  // namespace

signal_bits bits_of(const sigset_t& set) noexcept {
  signal_bits bits;
  std::memcpy(&bits, &set, sizeof bits);
  return bits;
}
sigset_t set_of(signal_bits bits) noexcept {
  sigset_t set;
  sigemptyset(&set);
  std::memcpy(&set, &bits, sizeof bits);
  return set;
}

siginfo_t info_of(int signal, int code, const sigval* value) noexcept {
  siginfo_t info;
  std::memset(&info, 0, sizeof info);
  info.si_signo = signal;
  info.si_code = code;
  info.si_pid = getpid();
  info.si_uid = getuid();
  if (value != nullptr) info.si_value = *value;
  return info;
}

void send_signal(controlled_thread& self, controlled_thread* to, const siginfo_t& info) noexcept {
  settle(self);
  forget_left_handlers(self);
  const int signal = info.si_signo;
  const signal_bits bit = signal_bit(signal);
  if (signal == SIGKILL || signal == SIGSTOP) return let_kernel_act(signal);
  controlled_thread* taker = to != nullptr ? to : choose_taker(bit);
  struct sigaction action;
  const bool is_ignored = disposition_of(signal, action) == disposition::ignored;
  const bool is_taken = taker != nullptr && takes(*taker, bit);
  // What is ignored is forgotten, unless somebody blocks it or waits for it.
  if (is_ignored && is_taken && (taker->awaited_signals & bit) == 0) return;
  const bool is_for_descriptor = !is_taken && (read_by_descriptors() & bit) != 0;
  if (taker == nullptr || is_for_descriptor) {
    keep_sent(to_process, signals.process_pending, info);
    if (is_for_descriptor) the_execution().outside_changed();
    return;
  }
  keep_sent(taker->index, taker->pending_signals, info);
  if (!is_taken) return;
  if (taker == &self)
    static_cast<void>(run_due_handlers(self));
  else
    the_execution().interrupt(*taker);
}

int take_signal(controlled_thread& self, signal_bits of, siginfo_t* info) noexcept {
  settle(self);
  const sent_signal* sent = take_sent(self.index, self.pending_signals, of);
  if (sent == nullptr) sent = take_sent(to_process, signals.process_pending, of);
  if (sent == nullptr) return 0;
  if (info != nullptr) *info = sent->info;
  return sent->info.si_signo;
}

void show_signals_to_descriptors(controlled_thread& self) noexcept {
  const signal_bits all = read_by_descriptors();
  if (all == 0) return;
  settle(self);
  siginfo_t info;
  while (const int signal = take_signal(self, all & self.blocked_signals, &info)) {
    const signal_bits bit = signal_bit(signal);
    raw_mask(SIG_BLOCK, &bit);
    system_call(SYS_rt_tgsigqueueinfo, getpid(), system_call(SYS_gettid), signal, reinterpret_cast<long>(&info));
  }
}

signal_bits really_pending() noexcept {
  signal_bits bits = 0;
  system_call(SYS_rt_sigpending, reinterpret_cast<long>(&bits), sizeof bits);
  return bits;
}

signal_bits pending_signals(controlled_thread& self) noexcept {
  settle(self);
  return self.pending_signals | signals.process_pending | really_pending();
}

bool run_due_handlers(controlled_thread& self) noexcept {
  settle(self);
  self.on_resume &= static_cast<std::uint8_t>(~has_signals);
  const interruption how = run_handlers(self);
  return how == interruption::restarts || how == interruption::fails;
}

signal_bits mask_of(controlled_thread& self) noexcept {
  settle(self);
  forget_left_handlers(self);
  return self.blocked_signals;
}

void set_mask(controlled_thread& self, signal_bits mask, bool is_real) noexcept {
  settle(self);
  forget_left_handlers(self);
  self.blocked_signals = mask & ~(signal_bit(SIGKILL) | signal_bit(SIGSTOP));
  if (is_real) {
    tell_masks_differ();
    if (runs_on_carrier(self))
      apply_real_mask(self);
    else
      raw_mask(SIG_SETMASK, &self.blocked_signals);
  }
  if (((self.pending_signals | signals.process_pending) & ~self.blocked_signals) != 0)
    static_cast<void>(run_due_handlers(self));
}

void enter_fault_handler(controlled_thread& self, void* frame, signal_bits before) noexcept {
  const signal_bits now = raw_mask(SIG_SETMASK, &before);
  settle(self);
  raw_mask(SIG_SETMASK, &now);
  forget_left_handlers(self);
  self.blocked_signals = now;
  if (runs_on_carrier(self)) signals.real_mask = now;
  if (self.handler_depth < controlled_thread::most_handlers) self.handlers[self.handler_depth] = {frame, before};
  ++self.handler_depth;
  tell_masks_differ();
}

void leave_fault_handler(controlled_thread& self, signal_bits after) noexcept {
  if (self.handler_depth != 0) --self.handler_depth;
  self.blocked_signals = after;  // and the kernel's, when it returns
  if (runs_on_carrier(self)) signals.real_mask = after;
}

controlled_thread* thread_of(std::uintptr_t handle) noexcept {
  // A handle is an address at the same distance from each thread's pointer.
  const std::uintptr_t pointer = handle - pthread_self() + thread_pointer();
  execution& execution = the_execution();
  controlled_thread* ended = nullptr;
  for (std::uint32_t i = 0; i < execution.thread_count(); ++i) {
    if (execution.thread(i).thread_pointer != pointer) continue;
    if (is_alive(execution.thread(i))) return &execution.thread(i);
    ended = &execution.thread(i);  // another may have its place by now
  }
  return ended;
}

controlled_thread* thread_of_id(std::int32_t kernel_id) noexcept {
  execution& execution = the_execution();
  for (std::uint32_t i = 0; i < execution.thread_count(); ++i)
    if (is_alive(execution.thread(i)) && execution.thread(i).kernel_id == kernel_id) return &execution.thread(i);
  return nullptr;
}

}  // namespace ravel::detail
