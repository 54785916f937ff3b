// SPDX-License-Identifier: MIT
// The processors that a thread may run on. Where Ravel keeps an execution on one of them (../affinity.hpp), the target
// is told of all that it could use otherwise: programs make as many threads as that. Once the target sets something
// itself, nothing is kept any more. A thread that sets its own does it on its own kernel thread. Thread safety: any
// thread. Cost otherwise: two branches.
#include "base/affinity.hpp"

#include "control.hpp"
#include "next.hpp"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

RAVEL_NEXT(int, sched_getaffinity, (pid_t id, std::size_t bytes, cpu_set_t* set), (id, bytes, set))
RAVEL_NEXT(int, sched_setaffinity, (pid_t id, std::size_t bytes, const cpu_set_t* set), (id, bytes, set))
RAVEL_NEXT(int, pthread_getaffinity_np, (pthread_t thread, std::size_t bytes, cpu_set_t* set), (thread, bytes, set))
RAVEL_NEXT(int, pthread_setaffinity_np, (pthread_t thread, std::size_t bytes, const cpu_set_t* set),
           (thread, bytes, set))

namespace ravel::detail {

namespace {

bool is_own_thread(pid_t id) noexcept { return id == 0 || syscall(SYS_tgkill, getpid(), id, 0) == 0; }

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, sched_getaffinity, (pid_t id, std::size_t bytes, cpu_set_t* set)) {
  const int result = next_sched_getaffinity(id, bytes, set);
  if (result == 0 && is_pinned() && is_own_thread(id)) tell_allowed_processors(set, bytes);
  return result;
}
RAVEL_INTERCEPT(int, pthread_getaffinity_np, (pthread_t thread, std::size_t bytes, cpu_set_t* set)) {
  const int result = next_pthread_getaffinity_np(thread, bytes, set);
  if (result == 0 && is_pinned()) tell_allowed_processors(set, bytes);
  return result;
}
RAVEL_INTERCEPT(int, sched_setaffinity, (pid_t id, std::size_t bytes, const cpu_set_t* set)) {
  if (is_pinned() && is_own_thread(id)) unpin();
  go_home(RAVEL_CALLER);
  return next_sched_setaffinity(id, bytes, set);
}
RAVEL_INTERCEPT(int, pthread_setaffinity_np, (pthread_t thread, std::size_t bytes, const cpu_set_t* set)) {
  if (is_pinned()) unpin();
  return next_pthread_setaffinity_np(thread, bytes, set);
}
