// SPDX-License-Identifier: MIT
// Waiting for a forked child with a time limit. Parent only, one thread. Cost: one descriptor.
#pragma once

#include "base/steady_clock.hpp"
#include "bridge/hidden_memory.hpp"

#include <poll.h>
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
    do {
      if (waitpid(child_, &status, WNOHANG) == child_) return true;
      if (descriptor_ >= 0) {
        pollfd one{descriptor_, POLLIN, 0};
        poll(&one, 1, std::max(1, static_cast<int>((until - seconds_now()) * 1e3)));
      } else {
        const timespec nap{0, 2'000'000};
        nanosleep(&nap, nullptr);
      }
    } while (seconds_now() < until);
    return waitpid(child_, &status, WNOHANG) == child_;
  }

  int status = 0;

 private:
  pid_t child_;
  int descriptor_ = -1;
};

}  // namespace ravel::detail
