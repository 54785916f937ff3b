// SPDX-License-Identifier: MIT
// See session.hpp.
#include "session.hpp"

#include "leak_check.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

namespace ravel::checks::sanitizers {

namespace {

shared_session* session_in_flight = nullptr;
std::atomic<std::uint64_t> last_counted_trial{0};
std::atomic<bool> is_heard_outside{false};
pid_t watched_process = 0;

// The user's options cannot switch this off, unlike the sanitizers' own exit codes. Processes forked from the watched
// one have their leaks looked for between rounds.
void on_exit_of_process(int status, void*) {
  if (status != 0) return;
  if (is_heard_outside.load() || (getpid() == watched_process && leak_check::has_leaks_at_exit()))
    syscall(SYS_exit_group, 1);
}

}  // namespace

void set_session(shared_session* session) noexcept { session_in_flight = session; }
shared_session* current_session() noexcept { return session_in_flight; }

void note_report() noexcept {
  run_view* run = current_run();
  shared_session* session = session_in_flight;
  if (run == nullptr || session == nullptr) {
    is_heard_outside.store(true);
    return;
  }
  // relaxed: statistics, read when the process has ended
  session->heard_in_batch.fetch_add(1, std::memory_order_relaxed);
  const std::uint64_t trial = run->trials_completed() + 1;
  if (last_counted_trial.exchange(trial, std::memory_order_relaxed) == trial) return;
  if (session->counted_trials.fetch_add(1, std::memory_order_relaxed) < shared_session::most_counted_trials)
    run->end_batch_after_this_trial();
  else
    session->uncounted_trials.fetch_add(1, std::memory_order_relaxed);
}

void note_place(std::uintptr_t pc) noexcept {
  shared_session* session = session_in_flight;
  if (session == nullptr || pc == 0) return;
  // relaxed: one report at a time, and read when the process has ended
  const std::uint32_t count = session->place_count.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < count; ++i)
    if (session->places[i].load(std::memory_order_relaxed) == pc) return;
  if (count == shared_session::most_places) return;
  session->places[count].store(pc, std::memory_order_relaxed);
  session->place_count.store(count + 1, std::memory_order_relaxed);
}

void watch_for_reports_outside_runs() noexcept {
  watched_process = getpid();
  on_exit(on_exit_of_process, nullptr);
}

}  // namespace ravel::checks::sanitizers
