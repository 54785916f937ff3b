// SPDX-License-Identifier: MIT
// See meet_races.hpp.
#include "meet_races.hpp"

#include "base/process_end.hpp"
#include "base/silence.hpp"
#include "base/steady_clock.hpp"
#include "bridge/hidden_memory.hpp"
#include "process/child_watch.hpp"
#include "process/keeper.hpp"
#include "process/request_to_end.hpp"
#include "record/made_processes.hpp"
#include "record/meeting.hpp"
#include "report/trust.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace ravel::detail {

namespace {

constexpr double most_seconds = 3, grace_seconds = 1;
constexpr std::uint64_t most_rounds = 100'000;

// In a process of its own.
void run_rounds(supervised_run& run, meetings& wanted) noexcept {
  try {
    silence_output();  // what the target prints was printed when the findings were made
    run.inner().start_afresh();
    meetings_looked_for = &wanted;
    run.inner().deadline = seconds_now() + most_seconds;
    run.run_again(most_rounds);
  } catch (...) {
    // They have not met.
  }
}

bool have_all_happened(const meetings& wanted) {
  return std::all_of(wanted.has_happened, wanted.has_happened + wanted.count,
                     [](const std::atomic<std::uint32_t>& one) { return one.load() != 0; });
}

void look_for(supervised_run& run, meetings& wanted) {
  std::fflush(nullptr);
  const pid_t own = getpid(), host = fork();
  if (host < 0) return;
  if (host == 0) {
    request_to_end::leave_to_target();
    die_with(own);
    setpgid(0, 0);  // so that it can be ended with what it forked
    run_rounds(run, wanted);
    end_process(0);
  }
  setpgid(host, host);
  note_made_process(host, 0, {});
  child_watch watch(host);
  // A round that hangs is ended by this, not by its limit.
  const double until = seconds_now() + most_seconds + grace_seconds;
  bool has_ended = false;
  while (!(has_ended = watch.ended_within(0.01)) && !have_all_happened(wanted) && seconds_now() < until &&
         request_to_end::came() == 0) {
  }
  kill(-host, SIGKILL);
  while (!has_ended && !watch.ended_within(1)) {
  }
}

}  // namespace

void meet_races(supervised_run& run, report& report) {
  if (run.inner().options.isolation == isolation::none || is_under_valgrind() || request_to_end::came() != 0) return;
  void* memory = mmap(nullptr, sizeof(meetings), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  auto& wanted = *static_cast<meetings*>(memory);
  finding* races[meetings::most] = {};
  for (finding* race : races_to_try(report))
    for (const race_places& places : places_of_race(*race, run.inner().shared->findings))
      if (wanted.count != meetings::most) {
        races[wanted.count] = race;
        wanted.places[wanted.count++] = places;
      }
  if (wanted.count != 0) look_for(run, wanted);
  for (std::uint32_t i = 0; i < wanted.count; ++i) {
    if (wanted.has_happened[i].load() == 0 || races[i]->doubt == doubt_kind::none) continue;
    make_certain(report, *races[i]);
    races[i]->notes.push_back(
        "certain, although code without instrumentation is between: in a round that was run again one thread stood "
        "before its access when the other came to its own");
  }
  munmap(memory, sizeof(meetings));
  put_failing_first(report);
}

}  // namespace ravel::detail
