// SPDX-License-Identifier: MIT
// Waiting for the target's own child processes. Under control the others go on meanwhile, and when nothing else can run
// the wait is a real one. Thread safety: any thread. Cost while no execution is in flight: a branch.
#include "control.hpp"
#include "next.hpp"

#include <sys/resource.h>
#include <sys/wait.h>

RAVEL_NEXT(pid_t, wait, (int* status), (status))
RAVEL_NEXT(pid_t, waitpid, (pid_t process, int* status, int options), (process, status, options))
RAVEL_NEXT(pid_t, wait3, (int* status, int options, rusage* usage), (status, options, usage))
RAVEL_NEXT(pid_t, wait4, (pid_t process, int* status, int options, rusage* usage), (process, status, options, usage))
RAVEL_NEXT(int, waitid, (idtype_t kind, id_t id, siginfo_t* info, int options), (kind, id, info, options))

namespace ravel::detail {

namespace {

// look: the call with WNOHANG. Its result once it is no 0.
template <class Look>
pid_t look_until_ended(controlled_thread& self, std::uintptr_t pc, Look look) {
  const event waits = event_on(operation::input, nullptr, pc);
  the_execution().point(self, waits);
  for (;;) {
    if (const pid_t result = look(); result != 0) {
      the_execution().outside_came();
      return result;
    }
    the_execution().wait_for_outside(self, waits);
  }
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(pid_t, wait4, (pid_t process, int* status, int options, rusage* usage)) {
  controlled_thread* self = in_control();
  if (self == nullptr || (options & WNOHANG) != 0) return next_wait4(process, status, options, usage);
  return look_until_ended(*self, RAVEL_CALLER, [=] { return next_wait4(process, status, options | WNOHANG, usage); });
}
RAVEL_INTERCEPT(pid_t, waitpid, (pid_t process, int* status, int options)) {
  controlled_thread* self = in_control();
  if (self == nullptr || (options & WNOHANG) != 0) return next_waitpid(process, status, options);
  return look_until_ended(*self, RAVEL_CALLER, [=] { return next_waitpid(process, status, options | WNOHANG); });
}
RAVEL_INTERCEPT(pid_t, wait, (int* status)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_wait(status);
  return look_until_ended(*self, RAVEL_CALLER, [=] { return next_waitpid(-1, status, WNOHANG); });
}
RAVEL_INTERCEPT(pid_t, wait3, (int* status, int options, rusage* usage)) {
  controlled_thread* self = in_control();
  if (self == nullptr || (options & WNOHANG) != 0) return next_wait3(status, options, usage);
  return look_until_ended(*self, RAVEL_CALLER, [=] { return next_wait3(status, options | WNOHANG, usage); });
}
RAVEL_INTERCEPT(int, waitid, (idtype_t kind, id_t id, siginfo_t* info, int options)) {
  controlled_thread* self = in_control();
  if (self == nullptr || (options & WNOHANG) != 0) return next_waitid(kind, id, info, options);
  siginfo_t own{};
  siginfo_t* out = info != nullptr ? info : &own;
  // 0 stands for both: ended, and not yet; si_pid tells.
  int result = 0;
  look_until_ended(*self, RAVEL_CALLER, [&] {
    out->si_pid = 0;
    result = next_waitid(kind, id, out, options | WNOHANG);
    return result != 0 || out->si_pid != 0 ? 1 : 0;
  });
  return result;
}
