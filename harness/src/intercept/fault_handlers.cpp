// SPDX-License-Identifier: MIT
// See fault_handlers.hpp. Those that are set outside of executions are called directly.
// Thread safety: sigaction in the thread in control; the handlers in any thread. Cost: a system call for each fault.
#include "fault_handlers.hpp"

#include "control.hpp"
#include "next.hpp"
#include "signal_model.hpp"

#include <cerrno>

RAVEL_NEXT(int, sigaction, (int signal, const struct sigaction* action, struct sigaction* old), (signal, action, old))
RAVEL_NEXT(sighandler_t, signal, (int signal, sighandler_t handler), (signal, handler))

namespace ravel::detail {

namespace {

constexpr int most_signals = 65;
struct sigaction of_target[most_signals];

bool is_fault(int signal) noexcept {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGTRAP;
}

void call_target(int signal, siginfo_t* info, void* context) {
  const struct sigaction action = of_target[signal];
  if ((action.sa_flags & SA_SIGINFO) != 0)
    action.sa_sigaction(signal, info, context);
  else
    action.sa_handler(signal);
}

void on_fault(int signal, siginfo_t* info, void* context) {
  controlled_thread* self = in_control();
  if (self == nullptr) return call_target(signal, info, context);
  auto& interrupted = *static_cast<ucontext_t*>(context);
  enter_fault_handler(*self, __builtin_frame_address(0), bits_of(interrupted.uc_sigmask));
  call_target(signal, info, context);
  leave_fault_handler(*self, bits_of(interrupted.uc_sigmask));
}

bool is_shown(const struct sigaction& action) noexcept {
  return (action.sa_flags & SA_SIGINFO) != 0 && action.sa_sigaction == on_fault;
}

bool is_function(const struct sigaction& action) noexcept {
  return action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
}

}  // namespace

void show_target_handler(int signal, struct sigaction& action) noexcept {
  if (!is_fault(signal) || !is_shown(action)) return;
  const auto flags = action.sa_flags;
  const sigset_t mask = action.sa_mask;
  action = of_target[signal];
  action.sa_flags = (flags & ~SA_SIGINFO) | (of_target[signal].sa_flags & SA_SIGINFO);
  action.sa_mask = mask;
}

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, sigaction, (int signal, const struct sigaction* action, struct sigaction* old)) {
  if (!is_fault(signal)) return next_sigaction(signal, action, old);
  struct sigaction before{};
  int result;
  if (in_control() != nullptr && action != nullptr && is_function(*action) && !is_shown(*action)) {
    result = next_sigaction(signal, nullptr, &before);
    show_target_handler(signal, before);
    of_target[signal] = *action;
    struct sigaction own = *action;
    own.sa_sigaction = on_fault;
    own.sa_flags |= SA_SIGINFO;
    if (result == 0) result = next_sigaction(signal, &own, nullptr);
  } else {
    result = next_sigaction(signal, action, &before);
    show_target_handler(signal, before);
  }
  if (result == 0 && old != nullptr) *old = before;
  return result;
}

// As libc's: it stays set, and calls are restarted.
RAVEL_INTERCEPT(sighandler_t, signal, (int signal, sighandler_t handler)) {
  if (!is_fault(signal) || in_control() == nullptr) return next_signal(signal, handler);
  struct sigaction action{}, old{};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, signal);
  return intercepted_sigaction(signal, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}
