// SPDX-License-Identifier: MIT
// Sending signals, and masks. Under control both are the model's: see signal_model.hpp. What another process is sent,
// and whom nobody under control is, is sent for real. Thread safety: any thread. Cost while no execution is in flight:
// a branch.
#include "control.hpp"
#include "next.hpp"
#include "signal_model.hpp"
#include "uncontrolled.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>

RAVEL_NEXT(int, pthread_kill, (pthread_t thread, int signal), (thread, signal))
RAVEL_NEXT(int, pthread_sigqueue, (pthread_t thread, int signal, const sigval value), (thread, signal, value))
RAVEL_NEXT(int, tgkill, (pid_t process, pid_t thread, int signal), (process, thread, signal))
RAVEL_NEXT(int, kill, (pid_t process, int signal), (process, signal))
RAVEL_NEXT(int, sigqueue, (pid_t process, int signal, const sigval value), (process, signal, value))
RAVEL_NEXT(int, raise, (int signal), (signal))
RAVEL_NEXT(int, pthread_sigmask, (int how, const sigset_t* set, sigset_t* old), (how, set, old))
RAVEL_NEXT(int, sigprocmask, (int how, const sigset_t* set, sigset_t* old), (how, set, old))
RAVEL_NEXT(int, sigpending, (sigset_t * set), (set))

namespace ravel::detail {

namespace {

constexpr const char* comes_when_it_likes = "the thread is not under control: its handler runs when the kernel says so";

void send_at_point(controlled_thread& self, controlled_thread* to, const siginfo_t& info, std::uintptr_t pc) noexcept {
  the_execution().point(self, event_on(operation::send_signal, to, pc));
  // Whoever has ended meanwhile does not get it any more.
  if (to == nullptr || to->state != standing::done) send_signal(self, to, info);
}

// Whether the model takes it; false: the real call is to be made.
bool send_to_thread(pthread_t thread, int signal, int code, const sigval* value, const char* call,
                    std::uintptr_t pc) noexcept {
  controlled_thread* self = in_control();
  if (self == nullptr || !is_signal(signal)) return false;
  if (controlled_thread* to = thread_of(thread)) {
    send_at_point(*self, to, info_of(signal, code, value), pc);
    return true;
  }
  tell_uncontrolled(call, comes_when_it_likes, pc);
  return false;
}

bool send_to_process(pid_t process, int signal, int code, const sigval* value, std::uintptr_t pc) noexcept {
  controlled_thread* self = in_control();
  if (self == nullptr || !is_signal(signal) || process != getpid()) return false;
  send_at_point(*self, nullptr, info_of(signal, code, value), pc);
  return true;
}

// 0, or the error.
int change_mask(controlled_thread& self, int how, const sigset_t* set, sigset_t* old) noexcept {
  const signal_bits before = mask_of(self);
  if (set != nullptr && how != SIG_BLOCK && how != SIG_UNBLOCK && how != SIG_SETMASK) return EINVAL;
  if (old != nullptr) *old = set_of(before);  // before handlers run
  if (set == nullptr) return 0;
  const signal_bits bits = bits_of(*set);
  const signal_bits after = how == SIG_BLOCK ? before | bits : how == SIG_UNBLOCK ? before & ~bits : bits;
  if (after != before) set_mask(self, after, true);
  return 0;
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_kill, (pthread_t thread, int signal)) {
  return send_to_thread(thread, signal, SI_TKILL, nullptr, "pthread_kill", RAVEL_CALLER)
             ? 0
             : next_pthread_kill(thread, signal);
}
RAVEL_INTERCEPT(int, pthread_sigqueue, (pthread_t thread, int signal, const sigval value)) {
  return send_to_thread(thread, signal, SI_QUEUE, &value, "pthread_sigqueue", RAVEL_CALLER)
             ? 0
             : next_pthread_sigqueue(thread, signal, value);
}
RAVEL_INTERCEPT(int, tgkill, (pid_t process, pid_t thread, int signal)) {
  controlled_thread* self = in_control();
  controlled_thread* to = self != nullptr && is_signal(signal) ? thread_of_id(thread) : nullptr;
  if (to == nullptr || process != getpid()) return next_tgkill(process, thread, signal);
  send_at_point(*self, to, info_of(signal, SI_TKILL), RAVEL_CALLER);
  return 0;
}
RAVEL_INTERCEPT(int, raise, (int signal)) {
  controlled_thread* self = in_control();
  if (self == nullptr || !is_signal(signal)) return next_raise(signal);
  send_at_point(*self, self, info_of(signal, SI_TKILL), RAVEL_CALLER);
  return 0;
}
RAVEL_INTERCEPT(int, kill, (pid_t process, int signal)) {
  return send_to_process(process, signal, SI_USER, nullptr, RAVEL_CALLER) ? 0 : next_kill(process, signal);
}
RAVEL_INTERCEPT(int, sigqueue, (pid_t process, int signal, const sigval value)) {
  return send_to_process(process, signal, SI_QUEUE, &value, RAVEL_CALLER) ? 0 : next_sigqueue(process, signal, value);
}
RAVEL_INTERCEPT(int, pthread_sigmask, (int how, const sigset_t* set, sigset_t* old)) {
  if (controlled_thread* self = in_control()) return change_mask(*self, how, set, old);
  return next_pthread_sigmask(how, set, old);
}
RAVEL_INTERCEPT(int, sigprocmask, (int how, const sigset_t* set, sigset_t* old)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_sigprocmask(how, set, old);
  const int error = change_mask(*self, how, set, old);
  if (error != 0) errno = error;
  return error == 0 ? 0 : -1;
}
RAVEL_INTERCEPT(int, sigpending, (sigset_t * set)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_sigpending(set);
  *set = set_of(pending_signals(*self));
  return 0;
}
