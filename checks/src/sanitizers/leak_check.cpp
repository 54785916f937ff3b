// SPDX-License-Identifier: MIT
// See leak_check.hpp. The probe runs in a forked process, because LSan ends the process when it cannot work.
#include "leak_check.hpp"

#include "runtime.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>

namespace ravel::checks::sanitizers {

namespace {

constexpr double share = 0.1;  // of the time

double now() noexcept {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

[[gnu::noinline]] void leak_a_block() {
  void* volatile block = std::malloc(1234);
  static_cast<void>(block);
  block = nullptr;
}

// Overwrites what the call left on the stack and in registers.
[[gnu::noinline]] void wipe_stack() {
  volatile char room[4096];
  for (volatile char& byte : room) byte = 0;
}

[[noreturn]] void leave(int status) {
  for (;;) syscall(SYS_exit_group, status);
}

[[noreturn]] void probe(raw_text& text) {
  text.divert();
  leak_a_block();
  wipe_stack();
  leave(__lsan_do_recoverable_leak_check() != 0 ? 0 : 3);
}

std::string try_out(raw_text& text) {
  if (__lsan_do_recoverable_leak_check == nullptr) return "LeakSanitizer is not part of this program";
  const std::uint64_t before = text.size();
  const pid_t child = fork();
  if (child == 0) probe(text);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child)
    return "the process that was to try LeakSanitizer out could not run";
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  const std::string said = text.read(before);
  if (said.find("ptrace") != std::string::npos)
    return "LeakSanitizer does not work under a debugger or strace, nor where ptrace is not allowed (docker: add "
           "--cap-add=SYS_PTRACE)";
  if (WIFEXITED(status) && WEXITSTATUS(status) == 3)
    return "LeakSanitizer did not see a deliberate leak (is detect_leaks=0 in ASAN_OPTIONS?)";
  return "LeakSanitizer does not work here" + (said.empty() ? "" : ": " + said.substr(0, said.find('\n')));
}

template <std::size_t Capacity>
void add_amount(fixed_text<Capacity>& text, std::uint64_t bytes, std::uint64_t blocks) {
  text.add_number(bytes).add(bytes == 1 ? " byte in " : " bytes in ");
  text.add_number(blocks).add(blocks == 1 ? " block" : " blocks");
}

void report_leak(const leak& leak, const leak_report& all, std::uint64_t first, std::uint64_t last) {
  raw_finding* finding = open_finding(finding_kind::leak, leak.signature());
  if (finding == nullptr) return;
  finding->check.add("sanitizers");
  finding->what.add("of ");
  add_amount(finding->what, leak.bytes, leak.blocks);
  finding->what.add(", to which no pointer is left");
  raw_actor& actor = finding->add_actor();
  actor.action.add("allocated");
  actor.stack = leak.stack;
  if (first < last)
    finding->add_note()
        .add("lost in one of ")
        .add(trial_word())
        .add("s ")
        .add_number(first)
        .add(" to ")
        .add_number(last)
        .add(": leaks are looked for as often as a tenth of the time allows");
  if (all.indirect_blocks != 0) {
    fixed_text<320>& note = finding->add_note();
    note.add("with what was lost, ");
    add_amount(note, all.indirect_bytes, all.indirect_blocks);
    note.add(" cannot be reached any more either");
  }
  publish(finding);
}

void report_unreadable() {
  raw_finding* finding = open_finding(finding_kind::leak, 47);
  if (finding == nullptr) return;
  finding->check.add("sanitizers");
  finding->what.add("that LeakSanitizer tells of in words that could not be read");
  finding->add_note().add("they stand in the output, or in <lane>.sanitizer.txt where RAVEL_REPORT_DIR is set");
  publish(finding);
}

}  // namespace

const std::string& leak_check::why_not(raw_text& text) {
  static const auto* const reason = new std::string(try_out(text));  // asked for after destructors, too
  return *reason;
}

bool leak_check::has_leaks_at_exit() {
  if (__lsan_do_recoverable_leak_check == nullptr) return false;
  raw_text text;
  return text.is_usable() && why_not(text).empty() && __lsan_do_recoverable_leak_check() != 0;
}

void leak_check::batch_started() {
  known_.forget();
  first_unchecked_ = last_seen_ = 0;
  checked_at_ = now();
}

void leak_check::trial_ended(run_view& run, raw_text& text, shared_session& session) {
  const std::uint64_t trial = run.trial();
  last_seen_ = trial;
  if (first_unchecked_ == 0) first_unchecked_ = trial;
  // The first round of a batch is always looked at: most leaks show there.
  if (cost_ == 0 || now() - checked_at_ >= cost_ / share) check(run, text, session, trial);
}

void leak_check::batch_finishing(run_view& run, raw_text& text, shared_session& session) {
  if (first_unchecked_ != 0) check(run, text, session, last_seen_);
}

void leak_check::check(run_view&, raw_text& text, shared_session& session, std::uint64_t last_trial) {
  const double begin = now();
  const std::uint64_t before = text.size();
  // relaxed: a statistic only
  session.leak_checks.fetch_add(1, std::memory_order_relaxed);
  const bool has_leaks = __lsan_do_recoverable_leak_check() != 0;
  if (has_leaks) {
    session.leaks_in_batch.fetch_add(1, std::memory_order_relaxed);
    const leak_report all = parse_leaks(text.read(before));
    if (all.direct.empty()) report_unreadable();
    const leak_report fresh = known_.take_new(all);
    for (const leak& one : fresh.direct) report_leak(one, fresh, first_unchecked_, last_trial);
    if (!fresh.direct.empty()) note_report();
  }
  first_unchecked_ = 0;
  checked_at_ = now();
  cost_ = checked_at_ - begin;
}

}  // namespace ravel::checks::sanitizers
