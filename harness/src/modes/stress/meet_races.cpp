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

#include <cstdio>
#include <vector>

namespace ravel::detail {

namespace {

constexpr double most_seconds_in_all = 3, seconds_of_one[] = {0.4, 1};  // each has its turn before one has long
constexpr std::uint64_t most_rounds = 200;

// In a process of its own.
void run_rounds(supervised_run& run, meeting& wanted, double seconds) noexcept {
  try {
    silence_output();  // what the target prints was printed when the finding was made
    run.inner().start_afresh();
    look_for_meeting(&wanted);
    run.inner().deadline = seconds_now() + seconds;
    run.run_again(most_rounds);
  } catch (...) {
    // They have not met.
  }
}

// Whether they came to meet.
bool do_meet(supervised_run& run, meeting& wanted, double seconds) {
  std::fflush(nullptr);
  const pid_t own = getpid(), host = fork();
  if (host < 0) return false;
  if (host == 0) {
    request_to_end::leave_to_target();
    die_with(own);
    setpgid(0, 0);  // so that it can be ended with what it forked
    run_rounds(run, wanted, seconds);
    end_process(0);
  }
  setpgid(host, host);
  note_made_process(host, 0, {});
  child_watch watch(host);
  // A round that hangs is ended by this, not by its limit.
  const double until = seconds_now() + 2 * seconds + 1;
  bool has_ended = false;
  while (!(has_ended = watch.ended_within(0.01)) && wanted.has_happened.load() == 0 && seconds_now() < until &&
         request_to_end::came() == 0) {
  }
  kill(-host, SIGKILL);
  while (!has_ended && !watch.ended_within(1)) {
  }
  return wanted.has_happened.load() != 0;
}

void look_for_meeting_at(const race_places& places, double seconds, supervised_run& run, meeting& wanted, finding& race,
                         report& report) {
  wanted.places = places;
  wanted.has_happened.store(0);
  if (!do_meet(run, wanted, seconds)) return;
  make_certain(report, race);
  race.notes.push_back(
      "certain, although code without instrumentation is between: in a round that was run again one thread stood before "
      "its access when the other came to its own");
}

}  // namespace

void meet_races(supervised_run& run, report& report) {
  if (run.inner().options.isolation == isolation::none || is_under_valgrind()) return;
  const std::vector<finding*> races = races_to_try(report);
  if (races.empty()) return;
  void* memory = mmap(nullptr, sizeof(meeting), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  const double until = seconds_now() + most_seconds_in_all;
  for (const double seconds : seconds_of_one)
    for (finding* race : races)
      for (const race_places& places : places_of_race(*race, run.inner().shared->findings))
        if (race->doubt != doubt_kind::none && seconds_now() < until && request_to_end::came() == 0)
          look_for_meeting_at(places, seconds, run, *static_cast<meeting*>(memory), *race, report);
  munmap(memory, sizeof(meeting));
  put_failing_first(report);
}

}  // namespace ravel::detail
