// SPDX-License-Identifier: MIT
// See open_descriptors.hpp.
#include "open_descriptors.hpp"

#include "control.hpp"

#include "base/numbered_entries.hpp"

#include <ravel/fixed_text.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cstring>

namespace ravel::detail {

namespace {

// The first for which `is` holds; -1: there is none.
template <class Predicate>
int find_descriptor(Predicate is) noexcept {
  int found = -1;
  for_each_numbered("/proc/self/fd", [&](int descriptor) {
    if (found < 0 && is(descriptor)) found = descriptor;
  });
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
  const short_file file(path.c_str());
  constexpr char name[] = "eventfd-id:";
  const char* at = std::strstr(file.text, name);
  if (at == nullptr) return no_event;
  at += sizeof name - 1;
  while (*at == ' ' || *at == '\t') ++at;
  return read_number(at);
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
