// SPDX-License-Identifier: MIT
// Waiting for a forked child with a time limit, also where it is traced. Parent only, one thread. Cost: one descriptor.
#pragma once

#include "base/numbered_entries.hpp"
#include "base/steady_clock.hpp"
#include "bridge/hidden_memory.hpp"

#include <ravel/fixed_text.hpp>

#include <poll.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

namespace ravel::detail {

class child_watch {
 public:
  explicit child_watch(pid_t child) : child_(child) {
#if defined(SYS_pidfd_open)
    if (!is_under_valgrind()) descriptor_ = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
#endif
  }
  ~child_watch() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  child_watch(const child_watch&) = delete;
  child_watch& operator=(const child_watch&) = delete;

  // Waits for the child to end, at most `seconds`. True when it ended.
  bool ended_within(double seconds) {
    const double until = seconds_now() + seconds;
    for (;;) {
      if (has_ended()) return true;
      const double left = until - seconds_now();
      if (left <= 0) return false;
      if (descriptor_ >= 0) {
        pollfd one{descriptor_, POLLIN, 0};
        if (poll(&one, 1, std::max(1, static_cast<int>(std::min(left, look_seconds) * 1e3))) == 0) release_traced();
      } else {
        const timespec nap{0, 2'000'000};
        nanosleep(&nap, nullptr);
        release_traced();
      }
    }
  }

  int status = 0;

 private:
  static constexpr double look_seconds = 0.05;

  bool has_ended() {
    if (waitpid(child_, &status, WNOHANG) != child_) return false;
    if (!WIFSTOPPED(status)) return true;
    let_go(child_, status);
    return false;
  }

  // A thread of the target that asked to be traced (PTRACE_TRACEME) is traced by this process, which forked it: each of
  // its signals stops it, and its end is not the process's until this one has heard of it.
  void release_traced() {
    fixed_text<48> tasks{};
    tasks.add("/proc/").add_signed(child_).add("/task");
    for_each_numbered(tasks.c_str(), [&](int thread) {
      int what = 0;
      if (thread != child_ && waitpid(thread, &what, WNOHANG | __WALL) == thread && WIFSTOPPED(what))
        let_go(thread, what);
    });
  }
  static void let_go(pid_t thread, int what) {
    const long signal = WSTOPSIG(what) == SIGTRAP ? 0 : WSTOPSIG(what);
    ptrace(PTRACE_DETACH, thread, nullptr, signal);
  }

  pid_t child_;
  int descriptor_ = -1;
};

}  // namespace ravel::detail
