// SPDX-License-Identifier: MIT
// Names that outlive who makes them: shared memory, semaphores, message queues, temporary files and folders. The kernel
// keeps no record of who made one, and other processes of the same user make theirs at the same time.
// What counts as temporary: what mkstemp and its family make, and new files in the folder for such ($TMPDIR, /tmp,
// /var/tmp). A segment that is opened by its path in /dev/shm goes unseen.
// Any thread. Cost: a stack walk for each name that is made, which is small beside the system calls.
#include "created_thread.hpp"
#include "next.hpp"
#include "record/batch_process.hpp"
#include "record/run_listener.hpp"

#include <ravel/fixed_text.hpp>
#include <ravel/raw_stack.hpp>

#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

RAVEL_NEXT(int, shm_open, (const char* name, int flags, mode_t mode), (name, flags, mode))
// Variadic in truth: mode and value are there with O_CREAT only, and else what their registers hold is handed on
// unread.
RAVEL_NEXT(sem_t*, sem_open, (const char* name, int flags, mode_t mode, unsigned value), (name, flags, mode, value))
RAVEL_NEXT(mqd_t, mq_open, (const char* name, int flags, mode_t mode, mq_attr* queue), (name, flags, mode, queue))
RAVEL_NEXT(int, open, (const char* path, int flags, mode_t mode), (path, flags, mode))
RAVEL_NEXT(int, open64, (const char* path, int flags, mode_t mode), (path, flags, mode))
RAVEL_NEXT(int, openat, (int folder, const char* path, int flags, mode_t mode), (folder, path, flags, mode))
RAVEL_NEXT(int, openat64, (int folder, const char* path, int flags, mode_t mode), (folder, path, flags, mode))
RAVEL_NEXT(int, creat, (const char* path, mode_t mode), (path, mode))
RAVEL_NEXT(int, creat64, (const char* path, mode_t mode), (path, mode))
RAVEL_NEXT(FILE*, fopen, (const char* path, const char* how), (path, how))
RAVEL_NEXT(FILE*, fopen64, (const char* path, const char* how), (path, how))
RAVEL_NEXT(int, mkstemp, (char* path), (path))
RAVEL_NEXT(int, mkstemp64, (char* path), (path))
RAVEL_NEXT(int, mkostemp, (char* path, int flags), (path, flags))
RAVEL_NEXT(int, mkostemp64, (char* path, int flags), (path, flags))
RAVEL_NEXT(int, mkstemps, (char* path, int suffix), (path, suffix))
RAVEL_NEXT(int, mkstemps64, (char* path, int suffix), (path, suffix))
RAVEL_NEXT(int, mkostemps, (char* path, int suffix, int flags), (path, suffix, flags))
RAVEL_NEXT(int, mkostemps64, (char* path, int suffix, int flags), (path, suffix, flags))
RAVEL_NEXT(char*, mkdtemp, (char* path), (path))

namespace ravel::detail {

namespace {

using path_text = fixed_text<256>;

// Only names that the target makes in a trial.
bool is_of_target() noexcept {
  return listening_run != nullptr && is_in_batch() && this_thread() != nullptr && current_run() != nullptr &&
         current_run()->trial() != 0;
}

void tell_made(made_name kind, const char* name, const char* pattern, std::uintptr_t pc) noexcept {
  const int error = errno;
  raw_stack stack;
  stack.depth = 0;
  capture_stack(stack);
  drop_frames_before(stack, pc);
  notify_name_made({kind, name, pattern, stack});
  errno = error;
}

// Before the call: a process may die between the two.
void tell_named(made_name kind, const char* prefix, const char* name, int flags, std::uintptr_t pc) noexcept {
  if ((flags & O_CREAT) == 0 || name == nullptr || !is_of_target()) return;
  while (*name == '/') ++name;
  path_text path{};
  path.add(prefix).add(name);
  tell_made(kind, path.c_str(), nullptr, pc);
}

bool is_below(const char* path, const char* folder) noexcept {
  const std::size_t length = folder == nullptr ? 0 : std::strlen(folder);
  return length > 1 && std::strncmp(path, folder, length) == 0 && (folder[length - 1] == '/' || path[length] == '/');
}

bool is_temporary(const char* path) noexcept {
  return is_below(path, "/tmp") || is_below(path, "/var/tmp") || is_below(path, std::getenv("TMPDIR"));
}

bool is_there(const char* path) noexcept { return syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0; }

// Before the call, like the above.
void tell_opened(const char* path, bool makes, std::uintptr_t pc) noexcept {
  if (!makes || path == nullptr || *path != '/' || !is_of_target()) return;
  const int error = errno;
  const bool is_new = is_temporary(path) && !is_there(path);
  errno = error;
  if (is_new) tell_made(made_name::temporary_file, path, nullptr, pc);
}

bool makes_file(const char* how) noexcept { return how != nullptr && (*how == 'w' || *how == 'a'); }

// For calls that put the name in place of the pattern: kept before, told after.
class from_pattern {
 public:
  from_pattern(made_name kind, const char* path, std::uintptr_t pc) noexcept : kind_(kind), path_(path), pc_(pc) {
    if (!is_of_target() || path == nullptr) return;
    is_wanted_ = true;
    absolute(pattern_, path);
  }
  void made() const noexcept {
    if (!is_wanted_) return;
    path_text name{};
    absolute(name, path_);
    tell_made(kind_, name.c_str(), pattern_.c_str(), pc_);
  }

 private:
  static void absolute(path_text& to, const char* path) noexcept {
    to.clear();
    char folder[256];
    if (*path != '/' && syscall(SYS_getcwd, folder, sizeof folder) > 0) to.add(folder).add('/');
    to.add(path);
  }

  made_name kind_;
  bool is_wanted_ = false;
  const char* path_;
  std::uintptr_t pc_;
  path_text pattern_{};
};

template <class Call>
int file_from_pattern(const char* path, std::uintptr_t pc, Call call) noexcept {
  const from_pattern name(made_name::temporary_file, path, pc);
  const int file = call();
  if (file >= 0) name.made();
  return file;
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;
using ravel::made_name;

RAVEL_INTERCEPT(int, shm_open, (const char* name, int flags, mode_t mode)) {
  tell_named(made_name::shared_memory, "/dev/shm/", name, flags, RAVEL_CALLER);
  return next_shm_open(name, flags, mode);
}
RAVEL_INTERCEPT(sem_t*, sem_open, (const char* name, int flags, mode_t mode, unsigned value)) {
  tell_named(made_name::semaphore, "/dev/shm/sem.", name, flags, RAVEL_CALLER);
  return next_sem_open(name, flags, mode, value);
}
RAVEL_INTERCEPT(mqd_t, mq_open, (const char* name, int flags, mode_t mode, mq_attr* queue)) {
  tell_named(made_name::message_queue, "/", name, flags, RAVEL_CALLER);
  return next_mq_open(name, flags, mode, queue);
}

RAVEL_INTERCEPT(int, open, (const char* path, int flags, mode_t mode)) {
  tell_opened(path, (flags & O_CREAT) != 0, RAVEL_CALLER);
  return next_open(path, flags, mode);
}
RAVEL_INTERCEPT(int, open64, (const char* path, int flags, mode_t mode)) {
  tell_opened(path, (flags & O_CREAT) != 0, RAVEL_CALLER);
  return next_open64(path, flags, mode);
}
RAVEL_INTERCEPT(int, openat, (int folder, const char* path, int flags, mode_t mode)) {
  tell_opened(path, (flags & O_CREAT) != 0, RAVEL_CALLER);
  return next_openat(folder, path, flags, mode);
}
RAVEL_INTERCEPT(int, openat64, (int folder, const char* path, int flags, mode_t mode)) {
  tell_opened(path, (flags & O_CREAT) != 0, RAVEL_CALLER);
  return next_openat64(folder, path, flags, mode);
}
RAVEL_INTERCEPT(int, creat, (const char* path, mode_t mode)) {
  tell_opened(path, true, RAVEL_CALLER);
  return next_creat(path, mode);
}
RAVEL_INTERCEPT(int, creat64, (const char* path, mode_t mode)) {
  tell_opened(path, true, RAVEL_CALLER);
  return next_creat64(path, mode);
}
RAVEL_INTERCEPT(FILE*, fopen, (const char* path, const char* how)) {
  tell_opened(path, makes_file(how), RAVEL_CALLER);
  return next_fopen(path, how);
}
RAVEL_INTERCEPT(FILE*, fopen64, (const char* path, const char* how)) {
  tell_opened(path, makes_file(how), RAVEL_CALLER);
  return next_fopen64(path, how);
}

RAVEL_INTERCEPT(int, mkstemp, (char* path)) {
  return file_from_pattern(path, RAVEL_CALLER, [=] { return next_mkstemp(path); });
}
RAVEL_INTERCEPT(int, mkstemp64, (char* path)) {
  return file_from_pattern(path, RAVEL_CALLER, [=] { return next_mkstemp64(path); });
}
RAVEL_INTERCEPT(int, mkostemp, (char* path, int flags)) {
  return file_from_pattern(path, RAVEL_CALLER, [=] { return next_mkostemp(path, flags); });
}
RAVEL_INTERCEPT(int, mkostemp64, (char* path, int flags)) {
  return file_from_pattern(path, RAVEL_CALLER, [=] { return next_mkostemp64(path, flags); });
}
RAVEL_INTERCEPT(int, mkstemps, (char* path, int suffix)) {
  return file_from_pattern(path, RAVEL_CALLER, [=] { return next_mkstemps(path, suffix); });
}
RAVEL_INTERCEPT(int, mkstemps64, (char* path, int suffix)) {
  return file_from_pattern(path, RAVEL_CALLER, [=] { return next_mkstemps64(path, suffix); });
}
RAVEL_INTERCEPT(int, mkostemps, (char* path, int suffix, int flags)) {
  return file_from_pattern(path, RAVEL_CALLER, [=] { return next_mkostemps(path, suffix, flags); });
}
RAVEL_INTERCEPT(int, mkostemps64, (char* path, int suffix, int flags)) {
  return file_from_pattern(path, RAVEL_CALLER, [=] { return next_mkostemps64(path, suffix, flags); });
}
RAVEL_INTERCEPT(char*, mkdtemp, (char* path)) {
  const from_pattern name(made_name::temporary_folder, path, RAVEL_CALLER);
  char* const made = next_mkdtemp(path);
  if (made != nullptr) name.made();
  return made;
}
