// SPDX-License-Identifier: MIT
// See single_switches.hpp.
#include "single_switches.hpp"

#include "shared_objects.hpp"

#include <algorithm>
#include <cstdint>
#include <map>

namespace ravel::detail {

namespace {

constexpr unsigned typical_of_a_sort = 3;

// Each thread's place among those of its sort, from 1; 0: not for a switch.
std::vector<unsigned> places_in_sorts(const trace& trace) {
  std::vector<std::uintptr_t> starts(trace.thread_count);
  for (std::uint32_t i = 0; i < trace.event_count; ++i) {
    const traced_event& event = trace.events[i];
    if (event.what != operation::start && starts[event.thread] == 0) starts[event.thread] = event.pc;
  }
  std::map<std::uintptr_t, unsigned> of_sort;
  std::vector<unsigned> places(trace.thread_count);
  for (std::uint32_t i = 1; i < trace.thread_count; ++i)
    if (trace.threads[i].path != 0) places[i] = ++of_sort[starts[i]];
  return places;
}

}  // namespace

switch_candidates single_switches(const trace& trace) {
  const shared_objects shared(trace);
  const std::vector<unsigned> places = places_in_sorts(trace);
  // By the later place in a sort, at most what is typical; then calls and atomic operations before other accesses.
  std::vector<scripted_switch> ranked[typical_of_a_sort + 1][2];
  for (std::uint32_t i = 0; i < trace.event_count; ++i) {
    const traced_event& event = trace.events[i];
    if (event.thread == 0 || places[event.thread] == 0 || !shared.has(event.object)) continue;
    const std::size_t is_plain = is_access(event.what) && event.what < operation::atomic_load ? 1 : 0;
    for (std::uint32_t to = 1; to < trace.thread_count; ++to)
      if (to != event.thread && places[to] != 0)
        ranked[std::min(std::max(places[event.thread], places[to]) - 1, typical_of_a_sort)][is_plain].push_back(
            {trace.threads[event.thread].path, event.event, trace.threads[to].path, decision_kind::at_point});
  }
  switch_candidates found;
  for (const auto& rank : ranked) {
    if (&rank == &ranked[typical_of_a_sort]) found.typical = found.all.size();
    for (const std::vector<scripted_switch>& part : rank) found.all.insert(found.all.end(), part.begin(), part.end());
  }
  return found;
}

}  // namespace ravel::detail
