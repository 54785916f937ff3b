// SPDX-License-Identifier: MIT
// Drops what this process prints from now on: what a target prints thousands of times, or once more in a replay.
// Cost: three system calls.
#pragma once

#include <fcntl.h>
#include <unistd.h>

namespace ravel::detail {

inline void silence_output() noexcept {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  close(nowhere);
}

}  // namespace ravel::detail
