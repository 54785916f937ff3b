// SPDX-License-Identifier: MIT
// Threads that the target created and that outlive their round, and those that have ended and were neither joined nor
// detached, so that libc keeps their stacks. A thread about to end gets up to 250 ms, once a round; threads created by
// a library on the ignore list are never counted or waited for. Runs on the body's thread between rounds. Cost: one
// pass over the thread table.
#include "census_area.hpp"
#include "raw_system.hpp"

#include <ravel/checks/census.hpp>
#include <ravel/usage_error.hpp>

#include <dlfcn.h>

namespace ravel::checks {
namespace {

constexpr unsigned capacity = 40;
// Written before the run, or by the body's thread; the parent's entries are inherited.
const char* ignored[capacity] = {"libtbb", "libomp", "libgomp", "libiomp5", "libtsan", "libasan", "libclang_rt"};
unsigned ignored_count = 7;

bool starts_with(const char* text, const char* beginning) noexcept {
  while (*beginning != '\0')
    if (*text++ != *beginning++) return false;
  return true;
}

bool is_ignored(const raw_stack& created_at) noexcept {
  for (std::uint32_t i = 0; i < created_at.depth; ++i) {
    Dl_info info;
    if (dladdr(reinterpret_cast<void*>(created_at.pc[i] - 1), &info) == 0 || info.dli_fname == nullptr) continue;
    const char* file = info.dli_fname;
    for (const char* at = file; *at != '\0'; ++at)
      if (*at == '/') file = at + 1;
    for (unsigned n = 0; n < ignored_count; ++n)
      if (starts_with(file, ignored[n])) return true;
  }
  return false;
}

bool is_left(const thread_record& thread) noexcept {
  if (thread.is_used.load(std::memory_order_acquire) == 0 || thread.kind != thread_kind::created) return false;
  // Not is_alive: that is false, too, for a thread that has been created but has not come to run yet.
  return thread.check_word[detail::census_word] == 0 && !is_ignored(thread.created_at);
}

bool is_unclaimed(const thread_record& thread) noexcept {
  if (thread.is_used.load(std::memory_order_acquire) == 0 || thread.kind != thread_kind::created) return false;
  return thread.check_word[detail::census_word] == 1 && thread.is_joinable.load(std::memory_order_relaxed) != 0 &&
         !is_ignored(thread.created_at);
}

// Counts the threads for which `is` holds by where they were created.
template <class Predicate>
void count_by_place(run_view& run, detail::left_behind& threads, finding_kind kind, Predicate is) noexcept {
  threads.start_count();
  for (std::uint32_t i = 0; i < run.thread_count(); ++i) {
    const thread_record& thread = run.threads()[i];
    if (!is(thread)) continue;
    detail::left_group* group =
        threads.add(kind, mix_stack(static_cast<std::uint64_t>(kind), thread.created_at), "threads");
    if (group == nullptr) continue;
    if (group->stack.depth == 0) copy_bytes(&group->stack, &thread.created_at, sizeof group->stack);
    group->example.clear();
    group->example.add(thread.name.c_str());
  }
}

// Opens the group's finding, when it has none.
bool has_record(detail::left_group& group, const char* cure) noexcept {
  if (group.record != nullptr) return true;
  group.record = open_finding(group.kind, group.hash);
  if (group.record == nullptr) return false;
  group.record->is_informative = true;
  group.record->check.add("census");
  raw_actor& actor = group.record->add_actor();
  actor.thread.add(group.example.c_str());
  actor.action.add("was created");
  copy_bytes(&actor.stack, &group.stack, sizeof actor.stack);
  group.record->add_note().add(cure);
  return true;
}

}  // namespace

void ignore_threads_of(const char* library, const char* reason) {
  if (library == nullptr || *library == '\0' || reason == nullptr || *reason == '\0')
    throw usage_error(
        "ravel::checks::ignore_threads_of needs a library and a reason. Write: "
        "ignore_threads_of(\"libmypool\", \"its workers live as long as the process\");");
  for (unsigned i = 0; i < ignored_count; ++i)
    if (starts_with(library, ignored[i])) return;
  if (ignored_count == capacity)
    throw usage_error("ravel::checks::ignore_threads_of: the list is full. Call it once a library, not once a round.");
  ignored[ignored_count++] = library;
}

namespace detail {

void wait_for_ending_threads(run_view& run) noexcept {
  constexpr std::uint64_t limit_ns = 250'000'000;
  std::uint64_t until = 0;
  for (std::uint32_t i = 0; i < run.thread_count(); ++i) {
    const thread_record& thread = run.threads()[i];
    if (thread.born_in_trial != run.trial()) continue;
    while (is_left(thread)) {
      const std::uint64_t now = now_ns();
      if (until == 0) until = now + limit_ns;
      if (now >= until) return;
      struct {
        long seconds, nanoseconds;
      } pause{0, 200'000};
      system_call(SYS_nanosleep, reinterpret_cast<long>(&pause), 0);
    }
  }
}

void count_threads(run_view& run, left_behind& threads) noexcept {
  count_by_place(run, threads, finding_kind::thread_left, is_left);
}

void count_unclaimed_threads(run_view& run, left_behind& threads) noexcept {
  count_by_place(run, threads, finding_kind::thread_unclaimed, is_unclaimed);
}

void report_thread(left_group& group) noexcept {
  constexpr const char* cure =
      "join it before the round's body ends; a pool that lives on by design is accepted by "
      "ravel::checks::ignore_threads_of(\"lib...\", \"reason\")";
  if (!has_record(group, cure)) return;
  raw_finding& finding = *group.record;
  finding.what.clear();
  finding.what.add("threads still run when their round has ended: ").add_number(group.most);
  finding.what.add(" alive after round ").add_number(group.last_trial);
  finding.what.add(", the first left by round ").add_number(group.first_trial);
  publish(group.record);
}

void report_unclaimed_thread(left_group& group) noexcept {
  constexpr const char* cure = "join or detach it (pthread_join, pthread_detach): until then its stack is kept";
  if (!has_record(group, cure)) return;
  raw_finding& finding = *group.record;
  finding.what.clear();
  finding.what.add("threads that have ended were neither joined nor detached: ").add_number(group.most);
  finding.what.add(" after ").add(trial_word()).add(" ").add_number(group.last_trial);
  if (group.first_trial != group.last_trial)
    finding.what.add(", the first left by ").add(trial_word()).add(" ").add_number(group.first_trial);
  publish(group.record);
}

}  // namespace detail
}  // namespace ravel::checks
