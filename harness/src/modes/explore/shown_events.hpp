// SPDX-License-Identifier: MIT
// Which events of a traced execution a reader sees: those that the finding is about and the switches that matter in any
// case; of the others as many as fit, the nearest to those first. What is left out is said by kind.
// Parent only. Cost: O(events), and for rounds O(events x longest round).
#pragma once

#include "source_places.hpp"
#include "trace.hpp"

#include <ravel/finding.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ravel::detail {

struct shown_event {
  const traced_event* event;
  std::string calls;
  bool is_switch = false, is_chosen = false, is_marked = false;
  std::uint64_t times = 1;  // reads of the same in a row, this is the last
  std::uint32_t round = 0;  // see ravel::step
  std::uint64_t came_again = 0;
  bool is_same_again = false;
  std::uint64_t skipped = 0;
  std::string skipped_what;
};

// The name of a thread as reports have it.
[[nodiscard]] std::string name_of_thread(const trace& trace, std::uint32_t thread);

// Whether what the actor did was to free memory, which tools tell of as a write.
[[nodiscard]] bool is_freeing(const actor& actor);

// Those that the finding is about: the accesses that race, what a thread waits for, and the like.
[[nodiscard]] std::vector<const traced_event*> events_of_finding(const finding& finding,
                                                                 const std::vector<shown_event>& candidates,
                                                                 const trace& trace, const source_places& places);

// In order of time; `left_out` gets what has nothing to do with other threads, in words.
[[nodiscard]] std::vector<shown_event> shown_events(const finding& finding, const trace& trace,
                                                    const source_places& places, std::string& left_out);

}  // namespace ravel::detail
