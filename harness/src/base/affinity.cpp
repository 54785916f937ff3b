// SPDX-License-Identifier: MIT
// See affinity.hpp.
#include "affinity.hpp"

#include <dirent.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

namespace ravel::detail {

namespace {

cpu_set_t allowed;
long allowed_bytes = 0;  // as many as the kernel has; 0: not pinned

}  // namespace

void pin_to_one_processor() noexcept {
  if (allowed_bytes != 0) return;
  unsigned here = 0;
  const long bytes = syscall(SYS_sched_getaffinity, 0, sizeof allowed, &allowed);
  if (bytes <= 0 || syscall(SYS_getcpu, &here, nullptr, nullptr) != 0 || here >= CPU_SETSIZE) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(here, &one);
  if (syscall(SYS_sched_setaffinity, 0, sizeof one, &one) == 0) allowed_bytes = bytes;
}

void unpin() noexcept {
  if (allowed_bytes == 0) return;
  allowed_bytes = 0;
  DIR* tasks = opendir("/proc/self/task");
  if (tasks == nullptr) return;
  while (const dirent* task = readdir(tasks))
    if (const int id = std::atoi(task->d_name); id > 0) syscall(SYS_sched_setaffinity, id, sizeof allowed, &allowed);
  closedir(tasks);
}

bool is_pinned() noexcept { return allowed_bytes != 0; }

void tell_allowed_processors(void* set, std::size_t bytes) noexcept {
  auto* to = static_cast<volatile unsigned char*>(set);
  const auto* from = reinterpret_cast<const unsigned char*>(&allowed);
  for (std::size_t i = 0; i < bytes; ++i) to[i] = i < sizeof allowed ? from[i] : 0;
}

}  // namespace ravel::detail
