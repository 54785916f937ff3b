// SPDX-License-Identifier: MIT
// See open_descriptors.hpp.
#include "open_descriptors.hpp"

#include "control.hpp"

#include <ravel/fixed_text.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cstring>

namespace ravel::detail {

namespace {

std::uint64_t number_in(const char* text) noexcept {
  std::uint64_t number = 0;
  while (*text == ' ' || *text == '\t') ++text;
  for (; *text >= '0' && *text <= '9'; ++text) number = number * 10 + static_cast<std::uint64_t>(*text - '0');
  return number;
}

long open_for_reading(const char* path, int flags) noexcept {
  return system_call(SYS_openat, AT_FDCWD, reinterpret_cast<long>(path), O_RDONLY | O_CLOEXEC | flags);
}

// The first for which `is` holds; -1: there is none.
template <class Predicate>
int find_descriptor(Predicate is) noexcept {
  const long folder = open_for_reading("/proc/self/fd", O_DIRECTORY);
  if (folder < 0) return -1;
  int found = -1;
  alignas(dirent64) char entries[2'048];
  for (;;) {
    const long length = system_call(SYS_getdents64, folder, reinterpret_cast<long>(entries), sizeof entries);
    if (length <= 0) break;
    for (long at = 0; at < length;) {
      const auto* entry = reinterpret_cast<const dirent64*>(entries + at);
      at += entry->d_reclen;
      if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
      const auto descriptor = static_cast<int>(number_in(entry->d_name));
      if (found < 0 && is(descriptor)) found = descriptor;
    }
  }
  system_call(SYS_close, folder);
  return found;
}

bool get_status(int descriptor, struct stat& status) noexcept {
  return system_call(SYS_fstat, descriptor, reinterpret_cast<long>(&status)) == 0;
}

}  // namespace

std::uint64_t event_of(int descriptor) noexcept {
  if (descriptor < 0) return no_event;
  fixed_text<48> path{};
  path.add("/proc/self/fdinfo/").add_signed(descriptor);
  const long file = open_for_reading(path.c_str(), 0);
  if (file < 0) return no_event;
  char text[512];
  const long length = system_call(SYS_read, file, reinterpret_cast<long>(text), sizeof text - 1);
  system_call(SYS_close, file);
  text[length < 0 ? 0 : length] = 0;
  constexpr char name[] = "eventfd-id:";
  const char* at = std::strstr(text, name);
  return at == nullptr ? no_event : number_in(at + sizeof name - 1);
}

int descriptor_of_event(std::uint64_t event, int but_not) noexcept {
  return find_descriptor([=](int descriptor) { return descriptor != but_not && event_of(descriptor) == event; });
}

bool is_written_elsewhere(int descriptor) noexcept {
  struct stat pipe;
  if (!get_status(descriptor, pipe) || !S_ISFIFO(pipe.st_mode)) return false;
  return find_descriptor([&](int other) {
           struct stat status;
           if (!get_status(other, status) || status.st_ino != pipe.st_ino || status.st_dev != pipe.st_dev) return false;
           return (system_call(SYS_fcntl, other, F_GETFL) & O_ACCMODE) != O_RDONLY;
         }) < 0;
}

}  // namespace ravel::detail
