// SPDX-License-Identifier: MIT
// The entries of a folder in /proc whose names are numbers: threads, processes, descriptors. By system calls only: no
// allocation, no interception. Thread safety: any thread. Cost: some microseconds.
#pragma once

#include "base/processor/processor.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>

#include <cstdint>

namespace ravel::detail {

// 0: there is none. Moves on to behind it.
[[nodiscard]] inline std::uint64_t read_number(const char*& at) noexcept {
  std::uint64_t number = 0;
  for (; *at >= '0' && *at <= '9'; ++at) number = number * 10 + static_cast<std::uint64_t>(*at - '0');
  return number;
}

[[nodiscard]] inline long open_for_reading(const char* path, int flags = 0) noexcept {
  return system_call(SYS_openat, AT_FDCWD, reinterpret_cast<long>(path), O_RDONLY | O_CLOEXEC | flags);
}

template <class Look>
void for_each_numbered(const char* path, Look look) {
  const long folder = open_for_reading(path, O_DIRECTORY);
  if (folder < 0) return;
  alignas(dirent64) char entries[2'048];
  for (;;) {
    const long length = system_call(SYS_getdents64, folder, reinterpret_cast<long>(entries), sizeof entries);
    if (length <= 0) break;
    for (long at = 0; at < length;) {
      const auto* entry = reinterpret_cast<const dirent64*>(entries + at);
      at += entry->d_reclen;
      const char* name = entry->d_name;
      if (*name < '0' || *name > '9') continue;
      look(static_cast<int>(read_number(name)));
    }
  }
  system_call(SYS_close, folder);
}

// At most 2,047 bytes of a file, as text; empty when it cannot be read.
struct short_file {
  char text[2'048];
  explicit short_file(const char* path) noexcept {
    text[0] = 0;
    const long file = open_for_reading(path);
    if (file < 0) return;
    const long length = system_call(SYS_read, file, reinterpret_cast<long>(text), sizeof text - 1);
    system_call(SYS_close, file);
    text[length < 0 ? 0 : length] = 0;
  }
};

}  // namespace ravel::detail
