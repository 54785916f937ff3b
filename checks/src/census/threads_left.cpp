// SPDX-License-Identifier: MIT
// Threads that the target created and that outlive their round. A thread about to end gets up to 250 ms, once
// a round; threads created by a library on the ignore list are never counted or waited for.
// Runs on the body's thread between rounds. Cost: one pass over the thread table.
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
  threads.start_count();
  for (std::uint32_t i = 0; i < run.thread_count(); ++i) {
    const thread_record& thread = run.threads()[i];
    if (!is_left(thread)) continue;
    left_group* group = threads.add(finding_kind::thread_left, mix_stack(0x7468726Dull, thread.created_at), "threads");
    if (group == nullptr) continue;
    if (group->stack.depth == 0) copy_bytes(&group->stack, &thread.created_at, sizeof group->stack);
    group->example.clear();
    group->example.add(thread.name.c_str());
  }
}

void report_thread(left_group& group) noexcept {
  if (group.record == nullptr) {
    group.record = open_finding(group.kind, group.hash);
    if (group.record == nullptr) return;
    group.record->is_informative = true;
    group.record->check.add("census");
    raw_actor& actor = group.record->add_actor();
    actor.thread.add(group.example.c_str());
    actor.action.add("was created");
    copy_bytes(&actor.stack, &group.stack, sizeof actor.stack);
    group.record->add_note().add(
        "join it before the round's body ends; a pool that lives on by design is accepted by "
        "ravel::checks::ignore_threads_of(\"lib...\", \"reason\")");
  }
  raw_finding& finding = *group.record;
  finding.what.clear();
  finding.what.add("threads still run when their round has ended: ").add_number(group.most);
  finding.what.add(" alive after round ").add_number(group.last_trial);
  finding.what.add(", the first left by round ").add_number(group.first_trial);
  publish(group.record);
}

}  // namespace detail
}  // namespace ravel::checks
