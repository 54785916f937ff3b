// SPDX-License-Identifier: MIT
// For how long recorded operations have had the processor, to tell of one that does not return. Parent only.
// Cost: a look is a read of two words a thread, and of a file of the kernel for each that is in the same operation as
// at the look before.
#pragma once

#include <ravel/thread_record.hpp>

#include <sys/types.h>

#include <cstdint>
#include <map>

namespace ravel::detail {

class operation_watch {
 public:
  explicit operation_watch(pid_t process) : process_(process) {}

  void look(const thread_record* threads, std::uint32_t count);  // now and then
  // Of processor time that the thread has used in its present operation, since two looks saw it there; 0: not known.
  [[nodiscard]] double seconds_in(const thread_record& thread) const;

 private:
  struct seen {
    std::uint64_t number = 0;  // of the operation
    bool has_time = false;
    std::uint64_t ran_ns = 0, now_ns = 0;  // by then, and by the latest look
  };
  [[nodiscard]] bool ran(pid_t thread, std::uint64_t& nanoseconds) const;

  pid_t process_;
  std::map<std::uint32_t, seen> seen_;  // by slot
};

}  // namespace ravel::detail
