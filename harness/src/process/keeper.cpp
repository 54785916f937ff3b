// SPDX-License-Identifier: MIT
// See keeper.hpp. The keeper is no child of the process that runs tests, which may wait for all of its children.
#include "keeper.hpp"

#include "base/numbered_entries.hpp"
#include "base/process_end.hpp"
#include "bridge/hidden_memory.hpp"
#include "record/made_processes.hpp"
#include "said_last.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ravel::detail {

namespace {

constexpr timespec moment{0, 10'000'000};
constexpr unsigned most_sweeps = 200;  // then what still comes to be has won

pid_t kept = 0;  // whose keeper there is

void await_end_of(pid_t process, std::uint64_t started) noexcept {
#if defined(SYS_pidfd_open)
  const long descriptor = system_call(SYS_pidfd_open, process, 0);
  if (descriptor >= 0 && start_of_process(process) == started) {
    pollfd one{static_cast<int>(descriptor), POLLIN, 0};
    while (system_call(SYS_ppoll, reinterpret_cast<long>(&one), 1, 0L, 0L, 0L) == -EINTR) {
    }
    return;
  }
#endif
  while (start_of_process(process) == started) system_call(SYS_nanosleep, reinterpret_cast<long>(&moment), 0);
}

pid_t parent_of(pid_t process) noexcept {
  fixed_text<48> path{};
  path.add("/proc/").add_signed(process).add("/stat");
  const short_file file(path.c_str());
  const char* at = std::strrchr(file.text, ')');
  if (at == nullptr || at[1] != ' ' || at[2] == 0 || at[3] == 0) return 0;
  return static_cast<pid_t>(read_number(at += 4));
}

bool was_made_here(const made_processes& made, pid_t process) noexcept {
  const std::uint32_t count = std::min(made.count.load(), made_processes::capacity);
  for (std::uint32_t i = 0; i < count; ++i)
    if (made.entries[i].pid.load() == process && is_alive(made.entries[i])) return true;
  return false;
}

// Ends those that are noted, and whose parent or grandparent is. Whether there were any.
bool sweep(const made_processes& made) noexcept {
  bool has_found = false;
  const auto end = [&](pid_t process) {
    system_call(SYS_kill, process, SIGKILL);
    has_found = true;
  };
  // First who made them stops, so that it makes no more; then the children: they are another's once their parent is
  // gone.
  const std::uint32_t count = std::min(made.count.load(), made_processes::capacity);
  for (std::uint32_t i = 0; i < count; ++i)
    if (is_alive(made.entries[i])) system_call(SYS_kill, made.entries[i].pid.load(), SIGSTOP);
  for_each_numbered("/proc", [&](int process) {
    pid_t ancestor = parent_of(process);
    for (int generation = 0; generation < 4 && ancestor > 1; ++generation, ancestor = parent_of(ancestor))
      if (was_made_here(made, ancestor)) return end(process);
  });
  for (std::uint32_t i = 0; i < count; ++i)
    if (is_alive(made.entries[i])) end(made.entries[i].pid.load());
  return has_found;
}

void close_all() noexcept {
#if defined(SYS_close_range)
  if (system_call(SYS_close_range, 0, ~0u, 0) == 0) return;
#endif
  for_each_numbered("/proc/self/fd", [](int descriptor) { system_call(SYS_close, descriptor); });
}

[[noreturn]] void keep(pid_t process, std::uint64_t started) noexcept {
  setsid();
  close_all();
  prctl(PR_SET_NAME, "ravel-keeper");
  await_end_of(process, started);
  if (made_processes* made = all_made_processes()) {
    made->is_swept.store(1);
    say_last_words();
    for (unsigned i = 0; i < most_sweeps && sweep(*made); ++i)
      system_call(SYS_nanosleep, reinterpret_cast<long>(&moment), 0);
  }
  system_call(SYS_exit_group, 0);
  __builtin_unreachable();
}

}  // namespace

void start_keeper() {
  const pid_t own = getpid();
  // What a process has that was forked from another one's run is that one's to keep.
  if (kept == own || !has_own_made_processes() || is_under_valgrind()) return;
  kept = own;
  note_output();
  const std::uint64_t started = start_of_process(own);
  const pid_t between = fork();
  if (between == 0) {
    if (fork() == 0) keep(own, started);
    system_call(SYS_exit_group, 0);
  }
  if (between > 0)
    while (waitpid(between, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void die_with(pid_t parent) noexcept {
  if (kept == parent) {
    kept = getpid();  // by the same keeper
    return;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() != parent) end_process(128 + SIGKILL);
}

}  // namespace ravel::detail
