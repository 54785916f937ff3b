// SPDX-License-Identifier: MIT
// Calls whose effect is on the calling kernel thread, which is not the thread's own while it is carried: its id is told
// as it is, and calls that glibc makes in every thread of the process are made on the thread's own kernel thread.
// Thread safety: any thread. Cost while no execution is in flight: a branch.
#include "control.hpp"
#include "next.hpp"

#include <grp.h>
#include <sys/types.h>
#include <unistd.h>

RAVEL_NEXT(pid_t, gettid, (), ())
RAVEL_NEXT(int, setuid, (uid_t id), (id))
RAVEL_NEXT(int, seteuid, (uid_t id), (id))
RAVEL_NEXT(int, setreuid, (uid_t real, uid_t effective), (real, effective))
RAVEL_NEXT(int, setresuid, (uid_t real, uid_t effective, uid_t saved), (real, effective, saved))
RAVEL_NEXT(int, setgid, (gid_t id), (id))
RAVEL_NEXT(int, setegid, (gid_t id), (id))
RAVEL_NEXT(int, setregid, (gid_t real, gid_t effective), (real, effective))
RAVEL_NEXT(int, setresgid, (gid_t real, gid_t effective, gid_t saved), (real, effective, saved))
RAVEL_NEXT(int, setgroups, (std::size_t count, const gid_t* groups), (count, groups))

using namespace ravel::detail;

RAVEL_INTERCEPT(pid_t, gettid, ()) {
  const controlled_thread* self = in_control();
  return self == nullptr ? next_gettid() : self->kernel_id;
}

#define RAVEL_INTERCEPT_BROADCAST(name, parameters, arguments) \
  RAVEL_INTERCEPT(int, name, parameters) {                     \
    go_home(RAVEL_CALLER);                                     \
    return next_##name arguments;                              \
  }
RAVEL_INTERCEPT_BROADCAST(setuid, (uid_t id), (id))
RAVEL_INTERCEPT_BROADCAST(seteuid, (uid_t id), (id))
RAVEL_INTERCEPT_BROADCAST(setreuid, (uid_t real, uid_t effective), (real, effective))
RAVEL_INTERCEPT_BROADCAST(setresuid, (uid_t real, uid_t effective, uid_t saved), (real, effective, saved))
RAVEL_INTERCEPT_BROADCAST(setgid, (gid_t id), (id))
RAVEL_INTERCEPT_BROADCAST(setegid, (gid_t id), (id))
RAVEL_INTERCEPT_BROADCAST(setregid, (gid_t real, gid_t effective), (real, effective))
RAVEL_INTERCEPT_BROADCAST(setresgid, (gid_t real, gid_t effective, gid_t saved), (real, effective, saved))
RAVEL_INTERCEPT_BROADCAST(setgroups, (std::size_t count, const gid_t* groups), (count, groups))
