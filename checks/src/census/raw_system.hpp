// SPDX-License-Identifier: MIT
// System calls made directly: the named functions may be intercepted by a sanitizer or by Ravel itself, and
// opendir allocates. Results are the kernel's: negative error numbers. Any thread; no state.
#pragma once

#include <cstddef>
#include <cstdint>

#include <sys/syscall.h>

#if !defined(__x86_64__)
#include <cerrno>
#include <unistd.h>
#endif

namespace ravel::checks::detail {

inline long system_call(long number, long a = 0, long b = 0, long c = 0, long d = 0) noexcept {
#if defined(__x86_64__)
  long result = number;
  register long fourth asm("r10") = d;
  asm volatile("syscall" : "+a"(result) : "D"(a), "S"(b), "d"(c), "r"(fourth) : "rcx", "r11", "memory");
  return result;
#else
  const long result = ::syscall(number, a, b, c, d);
  return result == -1 ? -errno : result;
#endif
}

// Calls visit(name) for each entry of the directory, "." and ".." left out. False when it cannot be read.
template <class Visit>
bool for_each_name(const char* directory, Visit visit) noexcept {
  constexpr long at_fdcwd = -100;
  constexpr long read_only_directory = 0x90000;  // O_DIRECTORY | O_CLOEXEC
#if defined(__x86_64__)
  const long flags = read_only_directory;
#else
  const long flags = 0x84000;
#endif
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
