// SPDX-License-Identifier: MIT
// Which names in /dev/shm this program makes: the kernel keeps no record of it, and other processes of the same user
// make theirs at the same time. A file that is opened there by its path goes unseen.
// Any thread. Cost: small beside the system calls of the functions themselves.
#include "next.hpp"
#include "record/run_listener.hpp"

#include <ravel/fixed_text.hpp>

#include <fcntl.h>
#include <semaphore.h>
#include <sys/types.h>

RAVEL_NEXT(int, shm_open, (const char* name, int flags, mode_t mode), (name, flags, mode))
// Variadic in truth: mode and value are there with O_CREAT only, and else what their registers hold is handed on
// unread.
RAVEL_NEXT(sem_t*, sem_open, (const char* name, int flags, mode_t mode, unsigned value), (name, flags, mode, value))

namespace ravel::detail {

namespace {

// Before the call: a process may die between the two.
void tell_made(const char* prefix, const char* name, int flags) noexcept {
  if ((flags & O_CREAT) == 0 || name == nullptr) return;
  while (*name == '/') ++name;
  fixed_text<256> file;
  file.clear();
  file.add(prefix).add(name);
  notify_segment_made(file.c_str());
}

}  // namespace

}  // namespace ravel::detail

RAVEL_INTERCEPT(int, shm_open, (const char* name, int flags, mode_t mode)) {
  ravel::detail::tell_made("", name, flags);
  return ravel::detail::next_shm_open(name, flags, mode);
}
RAVEL_INTERCEPT(sem_t*, sem_open, (const char* name, int flags, mode_t mode, unsigned value)) {
  ravel::detail::tell_made("sem.", name, flags);
  return ravel::detail::next_sem_open(name, flags, mode, value);
}
