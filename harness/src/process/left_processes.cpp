// SPDX-License-Identifier: MIT
// See left_processes.hpp.
#include "left_processes.hpp"

#include "base/numbered_entries.hpp"
#include "record/made_processes.hpp"
#include "symbols/symbolizer_process.hpp"

#include <ravel/finding.hpp>

#include <fcntl.h>
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

constexpr unsigned most_looks = 20;              // 5 ms each: who is about to end may do so
constexpr unsigned most_rounds_of_ending = 400;  // whom this process may not end stays

void wait_a_moment() noexcept {
  const timespec moment{0, 5'000'000};
  system_call(SYS_nanosleep, reinterpret_cast<long>(&moment), 0);
}

bool has_children() noexcept {
  siginfo_t info;
  return system_call(SYS_waitid, P_ALL, 0, reinterpret_cast<long>(&info), WEXITED | WNOHANG | WNOWAIT, 0L) == 0;
}

template <class Look>
void for_each_child(Look look) {
  for_each_numbered("/proc/self/task", [&](int task) {
    fixed_text<64> path{};
    path.add("/proc/self/task/").add_signed(task).add("/children");
    const short_file file(path.c_str());
    for (const char* at = file.text; *at != 0; ++at)
      if (const std::uint64_t pid = read_number(at); pid != 0) look(static_cast<pid_t>(pid));
  });
}

fixed_text<24> name_of(pid_t pid) noexcept {
  fixed_text<64> path{};
  path.add("/proc/").add_signed(pid).add("/comm");
  const short_file file(path.c_str());
  fixed_text<24> name{};
  for (const char* at = file.text; *at != 0 && *at != '\n'; ++at) name.add(*at);
  return name;
}

// A sanitizer's or Ravel's own, which ends by itself.
bool is_symbolizer(const char* name) noexcept {
  return std::strncmp(name, "llvm-symbolizer", 15) == 0 || std::strcmp(name, "addr2line") == 0;
}

fixed_text<64> target_of_link(const char* path) noexcept {
  char text[64];
  const long length = system_call(SYS_readlinkat, AT_FDCWD, reinterpret_cast<long>(path), reinterpret_cast<long>(text),
                                  sizeof text - 1);
  text[length < 0 ? 0 : length] = '\0';
  fixed_text<64> target{};
  target.add(text);
  return target;
}

// One that this process's own sanitizer asks: it reads from a pipe of this process. One that a forked process has left
// is nobody's any more.
bool is_own_symbolizer(pid_t pid) noexcept {
  if (!is_symbolizer(name_of(pid).c_str())) return false;
  fixed_text<64> path{};
  path.add("/proc/").add_signed(pid).add("/fd/0");
  const fixed_text<64> reads_from = target_of_link(path.c_str());
  bool is_own = false;
  for_each_numbered("/proc/self/fd", [&](int descriptor) {
    fixed_text<64> own{};
    own.add("/proc/self/fd/").add_signed(descriptor);
    is_own =
        is_own || (!reads_from.empty() && std::strcmp(target_of_link(own.c_str()).c_str(), reads_from.c_str()) == 0);
  });
  return is_own;
}

bool is_known(const made_processes& made, pid_t pid) noexcept {
  const std::uint32_t count = std::min(made.count.load(), made_processes::capacity);
  for (std::uint32_t i = 0; i < count; ++i)
    if (made.entries[i].pid.load() == pid) return true;
  return false;
}

void report_left(const char* trial_word, std::uint64_t trial, const char* name, const made_process* made) noexcept {
  raw_finding* finding = open_finding(finding_kind::process_left,
                                      made != nullptr ? mix_stack(77, made->made_at) : mix_text(78, name), trial);
  if (finding == nullptr) return;
  finding->check.add("isolation");
  finding->what.add("\"").add(name).add("\" ran on after its ").add(trial_word).add(", and was ended");
  if (made != nullptr) {
    raw_actor& actor = finding->add_actor();
    actor.thread.add(made->thread.c_str());
    actor.action.add("made it");
    actor.stack = made->made_at;
  } else {
    finding->add_note().add("where it was made is not known: not by fork() or clone()");
  }
  finding->add_note().add("wait for it, or name it: .may_outlive = {\"").add(name).add("\"}");
  publish(finding);
}

}  // namespace

void settle_left_processes(run& run) noexcept {
  made_processes* made = all_made_processes();
  static std::uint32_t seen = 0;  // of those that are noted
  const std::uint32_t count = made == nullptr ? 0 : made->count.load();
  const bool has_own = run.options.isolation != isolation::none && has_children();
  if (count == seen && !has_own) return;
  const std::uint64_t trial = run.trial();
  const auto may_stay = [&](const char* name) {
    return is_symbolizer(name) || std::ranges::find(run.options.may_outlive, name) != run.options.may_outlive.end();
  };
  const std::uint32_t first = count - std::min({count - seen, made_processes::capacity, count});
  seen = count;
  for (unsigned look = 0; look <= most_looks; ++look) {
    bool is_anybody_left = false;
    const auto settle = [&](pid_t pid, const made_process* known) {
      const fixed_text<24> name = name_of(pid);
      if (may_stay(name.c_str())) return;
      is_anybody_left = true;
      if (look != most_looks) return;
      report_left(run.kind.trial_word(), trial, name.c_str(), known);
      system_call(SYS_kill, pid, SIGKILL);
    };
    for (std::uint32_t i = first; i != count; ++i) {
      const made_process& one = made->entries[i % made_processes::capacity];
      if (one.trial != 0 && is_alive(one)) settle(one.pid.load(), &one);
    }
    if (has_own)
      for_each_child([&](pid_t pid) {
        if (start_of_process(pid) != 0 && (made == nullptr || !is_known(*made, pid))) settle(pid, nullptr);
      });
    if (!is_anybody_left) return;
    if (look != most_looks) wait_a_moment();
  }
}

orphanage::orphanage() {
  prctl(PR_GET_CHILD_SUBREAPER, &was_one_, 0, 0, 0);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  for_each_child([&](pid_t pid) { others_.insert(pid); });
}

orphanage::~orphanage() {
  clear();
  prctl(PR_SET_CHILD_SUBREAPER, was_one_, 0, 0, 0);
}

void orphanage::clear() {
  if (!has_children()) return;
  bool is_anybody_left = true;
  for (unsigned look = 0; is_anybody_left && look < most_rounds_of_ending; ++look) {
    is_anybody_left = false;
    for_each_child([&](pid_t pid) {
      if (others_.count(pid) != 0 || is_conversation_partner(pid) || is_own_symbolizer(pid)) return;
      kill(pid, SIGKILL);
      is_anybody_left = true;
      if (waitpid(pid, nullptr, WNOHANG) != pid) wait_a_moment();
    });
  }
}

}  // namespace ravel::detail
