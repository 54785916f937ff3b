// SPDX-License-Identifier: MIT
// What the sanitizer hooks know of the run in flight: how many reports were heard, and whether the process should
// make room for a fresh one. Part of it is shared between the run's processes.
// Thread safety: hooks run one at a time under their sanitizer's own lock, but UBSan's and ASan's beside each other:
// all shared fields are atomic. Cost: a few atomic additions a report.
#pragma once

#include <ravel/finding.hpp>
#include <ravel/observer.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::checks::sanitizers {

// Zeroed, at the same address in all processes of the run.
struct shared_session {
  // A sanitizer tells of one place once in a process. So that sightings can be counted, the process ends after
  // each of the first trials with a report; later ones run on.
  static constexpr std::uint32_t most_counted_trials = 10;

  std::atomic<std::uint32_t> counted_trials;
  std::atomic<std::uint32_t> uncounted_trials;
  std::atomic<std::uint64_t> heard_in_batch;  // reports that reached a hook
  std::atomic<std::uint64_t> leaks_in_batch;  // leak reports that were asked for
  std::atomic<std::uint32_t> leak_checks;     // made in this run
  // Places in reports, each once: what the runtime has read of them is kept for later processes
  // (runtime_symbolizer.hpp).
  static constexpr std::uint32_t most_places = 256;
  std::atomic<std::uint32_t> place_count;
  std::atomic<std::uintptr_t> places[most_places];
};

// Null outside a run. Set in the parent before the first fork.
void set_session(shared_session* session) noexcept;
[[nodiscard]] shared_session* current_session() noexcept;

// A hook was called, or a leak was found: counts, and asks for a fresh process if that is worth it.
void note_report() noexcept;

// A report has this return address in a stack. Called under the sanitizer's own lock.
void note_place(std::uintptr_t pc) noexcept;

// Reports heard while no run was in flight, e.g. from an ordinary test beside the stress tests, and leaks when the
// process ends: it then ends with an exit code that is not 0. Call it before other initialisers run: what is registered
// first has the last word.
void watch_for_reports_outside_runs() noexcept;

}  // namespace ravel::checks::sanitizers
