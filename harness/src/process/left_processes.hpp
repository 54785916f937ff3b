// SPDX-License-Identifier: MIT
// Processes that the target made and that outlive their trial: told of, and ended. Those that Ravel, or the user before
// the run, made are none of them. Cost at a trial's end: a system call where there are no child processes.
#pragma once

#include "run.hpp"

#include <sys/types.h>

#include <set>

namespace ravel::detail {

// In the process that runs trials, at the end of each.
void settle_left_processes(run& run) noexcept;

// While there is one, processes whose parents have ended become this one's children, so that they can be found.
// In the process that runs tests, single-threaded.
class orphanage {
 public:
  orphanage();
  ~orphanage();
  orphanage(const orphanage&) = delete;
  orphanage& operator=(const orphanage&) = delete;

  // Ends all that were made since it began, and what they made.
  void clear();

 private:
  std::set<pid_t> others_;  // children from before
  int was_one_ = 0;
};

}  // namespace ravel::detail
