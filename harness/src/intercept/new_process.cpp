// SPDX-License-Identifier: MIT
// Making processes: clone and vfork. A child of clone() with memory of its own is like one of fork(); one that shares
// it until it ends or becomes another program (CLONE_VFORK) takes no point; one that shares it and runs on beside its
// parent is named, because both are the same thread to whoever asks. vfork() is fork() and a wait until the child has
// ended or become another program: what it may do in between needs no shared memory.
// posix_spawn, system and popen make theirs inside libc, and need nothing. Where the target makes one is noted, also in
// those that it made before. Thread safety: any thread. Cost: a branch.
#include "new_process.hpp"

#include "control.hpp"
#include "next.hpp"
#include "uncontrolled.hpp"

#include "record/batch_process.hpp"
#include "record/made_processes.hpp"
#include "record/shared_run.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>

RAVEL_NEXT(pid_t, fork, (), ())
RAVEL_NEXT(int, clone,
           (int (*run)(void*), void* stack, int flags, void* argument, void* parent, void* area, void* child),
           (run, stack, flags, argument, parent, area, child))

namespace ravel::detail {

namespace {

struct cloned {
  int (*run)(void*);
  void* argument;
};

// The child has a copy of the parent's stack, where this lies.
int run_cloned(void* argument) {
  const cloned own = *static_cast<cloned*>(argument);
  if (fork_hooks.in_child != nullptr) fork_hooks.in_child();
  return own.run(own.argument);
}

constexpr const char* shares_memory =
    "a process or thread that shares this one's memory and runs beside it: what it does is not controlled";

void note_made(pid_t pid) noexcept {
  const shared_run* run = is_in_batch() ? current_shared_run() : run_that_forked();
  if (pid <= 0 || run == nullptr) return;
  raw_stack here;
  capture_stack(here);
  note_made_process(pid, run->control.trial.load(std::memory_order_relaxed), here);  // relaxed: a number
}

// Until the child has ended, or become another program, which closes its end.
void await_end_of_sharing(int descriptor) noexcept {
  char byte;
  while (system_call(SYS_read, descriptor, reinterpret_cast<long>(&byte), 1) == -EINTR) {
  }
  system_call(SYS_close, descriptor);
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(pid_t, fork, ()) {
  const pid_t made = next_fork();
  note_made(made);
  return made;
}

RAVEL_INTERCEPT(int, clone, (int (*run)(void*), void* stack, int flags, void* argument, ...)) {
  va_list given;
  va_start(given, argument);
  void *parent = va_arg(given, void*), *area = va_arg(given, void*), *child = va_arg(given, void*);
  va_end(given);
  controlled_thread* self = in_control();
  if (self == nullptr) return next_clone(run, stack, flags, argument, parent, area, child);
  the_execution().point(*self, event_on(operation::create, nullptr, RAVEL_CALLER));
  if ((flags & CLONE_VM) == 0) {
    cloned own{run, argument};
    const int made = next_clone(run_cloned, stack, flags, &own, parent, area, child);
    if (made > 0 && fork_hooks.in_parent != nullptr) fork_hooks.in_parent();
    note_made(made);
    return made;
  }
  if ((flags & CLONE_VFORK) == 0) {
    tell_uncontrolled("clone", shares_memory, RAVEL_CALLER);
    return next_clone(run, stack, flags, argument, parent, area, child);
  }
  control.running = nullptr;  // also for the child
  const int made = next_clone(run, stack, flags, argument, parent, area, child);
  control.running = self;
  if (made > 0 && fork_hooks.in_parent != nullptr) fork_hooks.in_parent();
  return made;
}

RAVEL_INTERCEPT(pid_t, vfork, ()) {
  int ends[2];
  // By system calls, of which the sanitizers do not hear: they would miss the end of one, and take the next for a race.
  if (system_call(SYS_pipe2, reinterpret_cast<long>(ends), O_CLOEXEC) != 0) return fork();
  const pid_t child = fork();
  if (child == 0) {
    system_call(SYS_close, ends[0]);  // the other is closed by what ends the sharing
    return 0;
  }
  const int kept = errno;
  system_call(SYS_close, ends[1]);
  if (child > 0)
    await_end_of_sharing(ends[0]);
  else
    system_call(SYS_close, ends[0]);
  errno = kept;
  return child;
}
