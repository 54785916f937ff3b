// SPDX-License-Identifier: MIT
// Waiting for the target's own child processes. Under control the others go on meanwhile, and when nothing else can run
// the wait is a real one. Thread safety: any thread. Cost while no execution is in flight: a branch.
#include "cancellation.hpp"
#include "control.hpp"
#include "next.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

RAVEL_NEXT(pid_t, wait, (int* status), (status))
RAVEL_NEXT(pid_t, waitpid, (pid_t process, int* status, int options), (process, status, options))
RAVEL_NEXT(pid_t, wait3, (int* status, int options, rusage* usage), (status, options, usage))
RAVEL_NEXT(pid_t, wait4, (pid_t process, int* status, int options, rusage* usage), (process, status, options, usage))
RAVEL_NEXT(int, waitid, (idtype_t kind, id_t id, siginfo_t* info, int options), (kind, id, info, options))

namespace ravel::detail {

namespace {

// Children, in waitid's words.
struct awaited_children {
  idtype_t kind;
  id_t id;
  int options;
};

awaited_children children_of(pid_t process, int options) noexcept {
  const int kinds = WEXITED | ((options & WUNTRACED) != 0 ? WSTOPPED : 0) | (options & WCONTINUED);
  if (process > 0) return {P_PID, static_cast<id_t>(process), kinds};
  if (process == -1) return {P_ALL, 0, kinds};
  return {P_PGID, static_cast<id_t>(process == 0 ? getpgrp() : -process), kinds};
}

// Without any interception: whoever has control asks, and it is not that one's call. An error is an answer, too.
bool has_changed(const void* awaited) noexcept {
  const auto& children = *static_cast<const awaited_children*>(awaited);
  siginfo_t info;
  info.si_pid = 0;
  const long failed = system_call(SYS_waitid, children.kind, static_cast<long>(children.id),
                                  reinterpret_cast<long>(&info), children.options | WNOHANG | WNOWAIT, 0L);
  return failed != 0 || info.si_pid != 0;
}

// look: the call with WNOHANG. Its result once it is no 0; -1 with EINTR when a handler ran that ends the call. Whether
// a child has ended by now is up to the machine: it gets the time to do so. If it needs others here for that, it is
// looked after when nothing else can run.
template <class Look>
pid_t look_until_ended(controlled_thread& self, std::uintptr_t pc, const awaited_children& children, Look look) {
  const event waits = event_on(operation::input, nullptr, pc);
  const cancellation_point here(self);
  the_execution().point(self, waits);
  bool has_ended = the_execution().comes_soon(has_changed, &children);
  for (;; has_ended = false) {
    if (!has_ended) the_execution().wait_for_outside(self, waits, execution::for_ever, has_changed, &children);
    if (!has_ended && self.interrupted == interruption::fails) {
      errno = EINTR;
      return -1;
    }
    if (const pid_t result = look(); result != 0) {
      the_execution().outside_came();
      return result;
    }
  }
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(pid_t, wait4, (pid_t process, int* status, int options, rusage* usage)) {
  controlled_thread* self = in_control();
  if (self == nullptr || (options & WNOHANG) != 0) return next_wait4(process, status, options, usage);
  return look_until_ended(*self, RAVEL_CALLER, children_of(process, options),
                          [=] { return next_wait4(process, status, options | WNOHANG, usage); });
}
RAVEL_INTERCEPT(pid_t, waitpid, (pid_t process, int* status, int options)) {
  controlled_thread* self = in_control();
  if (self == nullptr || (options & WNOHANG) != 0) return next_waitpid(process, status, options);
  return look_until_ended(*self, RAVEL_CALLER, children_of(process, options),
                          [=] { return next_waitpid(process, status, options | WNOHANG); });
}
RAVEL_INTERCEPT(pid_t, wait, (int* status)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_wait(status);
  return look_until_ended(*self, RAVEL_CALLER, children_of(-1, 0), [=] { return next_waitpid(-1, status, WNOHANG); });
}
RAVEL_INTERCEPT(pid_t, wait3, (int* status, int options, rusage* usage)) {
  controlled_thread* self = in_control();
  if (self == nullptr || (options & WNOHANG) != 0) return next_wait3(status, options, usage);
  return look_until_ended(*self, RAVEL_CALLER, children_of(-1, options),
                          [=] { return next_wait3(status, options | WNOHANG, usage); });
}
RAVEL_INTERCEPT(int, waitid, (idtype_t kind, id_t id, siginfo_t* info, int options)) {
  controlled_thread* self = in_control();
  if (self == nullptr || (options & WNOHANG) != 0) return next_waitid(kind, id, info, options);
  siginfo_t own{};
  siginfo_t* out = info != nullptr ? info : &own;
  // 0 stands for both: ended, and not yet; si_pid tells.
  int result = 0;
  const pid_t how = look_until_ended(*self, RAVEL_CALLER, {kind, id, options & (WEXITED | WSTOPPED | WCONTINUED)}, [&] {
    out->si_pid = 0;
    result = next_waitid(kind, id, out, options | WNOHANG);
    return result != 0 || out->si_pid != 0 ? 1 : 0;
  });
  return how < 0 ? -1 : result;
}
