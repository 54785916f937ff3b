// SPDX-License-Identifier: MIT
// How long threads of a process have waited for a processor: what a busy machine takes from them is no sign of a hang.
// By the kernel's scheduling statistics; where there are none, nobody has waited. Parent only, single-threaded.
// Cost: a file for each thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>

namespace ravel::detail {

class processor_wait {
 public:
  explicit processor_wait(pid_t process) : process_(process) {}

  // Starts to count.
  void forget() { since_.clear(); }
  // Seconds since then, of the thread that has waited most. A thread that is blocked waits for no processor.
  [[nodiscard]] double longest();

 private:
  pid_t process_;
  std::map<pid_t, std::uint64_t> since_;  // nanoseconds when first seen
};

}  // namespace ravel::detail
