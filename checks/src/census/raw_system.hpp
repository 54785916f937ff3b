// SPDX-License-Identifier: MIT
// The names in a directory, by system calls made directly: the named functions may be intercepted, and opendir
// allocates. Any thread; no state.
#pragma once

#include "processor/processor.hpp"

#include <fcntl.h>
#include <sys/syscall.h>

#include <cstddef>
#include <cstdint>

namespace ravel::checks::detail {

// Calls visit(name) for each entry of the directory, "." and ".." left out. False when it cannot be read.
template <class Visit>
bool for_each_name(const char* directory, Visit visit) noexcept {
  constexpr long at_fdcwd = -100;
  constexpr long flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  const long opened = system_call(SYS_openat, at_fdcwd, reinterpret_cast<long>(directory), flags);
  if (opened < 0) return false;
  alignas(8) char buffer[4096];
  for (;;) {
    const long got = system_call(SYS_getdents64, opened, reinterpret_cast<long>(buffer), sizeof buffer);
    if (got <= 0) break;
    // struct linux_dirent64: inode 8, offset 8, length 2, type 1, name
    for (long at = 0; at < got;) {
      const char* record = buffer + at;
      const auto length = *reinterpret_cast<const std::uint16_t*>(record + 16);
      const char* name = record + 19;
      const bool is_dots = name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
      if (!is_dots) visit(name, static_cast<int>(opened));
      at += length;
    }
  }
  system_call(SYS_close, opened);
  return true;
}

}  // namespace ravel::checks::detail
