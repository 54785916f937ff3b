// SPDX-License-Identifier: MIT
// See steady_places.hpp.
#include "steady_places.hpp"

#include "anchors.hpp"
#include "shared_objects.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

constexpr std::size_t most_candidates = 4;  // in each direction

bool is_in_every_build(operation what) { return !is_access(what) || what >= operation::atomic_load; }

bool is_steady(const traced_event& event, const shared_objects& shared, const source_places& places) {
  if (event.what == operation::start || event.what == operation::exit) return true;
  return (is_in_every_build(event.what) || shared.has(event.object)) && places.of(event) != nullptr;
}

// At these a thread waits; where it waits without one, in trial.run() or at its end, any event may be its latest.
bool is_wait(operation what) {
  switch (what) {
    case operation::exit:
    case operation::lock:
    case operation::lock_shared:
    case operation::timed_lock:
    case operation::wait:
    case operation::join:
    case operation::acquire:
    case operation::yield:
    case operation::sleep:
    case operation::input: return true;
    default: return false;
  }
}

}  // namespace

std::vector<std::vector<scripted_switch>> steadier(const std::vector<scripted_switch>& script, std::size_t which,
                                                   const trace& trace, const source_places& places) {
  const scripted_switch& one = script[which];
  const std::uint32_t thread = index_of(trace, one.thread);
  if (thread == trace.thread_count || one.kind == decision_kind::pick) return {};
  const bool is_forced = one.kind == decision_kind::forced;
  const shared_objects shared(trace);
  std::vector<std::uint64_t> before, after;
  for (std::uint32_t i = 0; i < trace.event_count; ++i) {
    const traced_event& event = trace.events[i];
    if (event.thread != thread || !is_steady(event, shared, places)) continue;
    if (event.event == one.event && (!is_forced || is_wait(event.what))) return {};
    // Nothing but the same access, or less, is to come between a place and a wait that is named by it.
    if (is_forced && !is_in_every_build(event.what)) continue;
    if (event.event <= one.event)
      before.push_back(event.event);
    else if (after.size() < most_candidates)
      after.push_back(event.event);
  }
  std::ranges::reverse(before);
  before.resize(std::min(before.size(), most_candidates));
  std::vector<std::uint64_t> events;
  if (is_forced) {
    if (one.event != 0) events.push_back(0);  // its first wait of all
  } else {
    events = after;
  }
  events.insert(events.end(), before.begin(), before.end());
  std::vector<std::vector<scripted_switch>> all;
  for (const std::uint64_t event : events) {
    if (event == one.event) continue;
    all.push_back(script);
    all.back()[which].event = event;
    sort_for_following(all.back());
  }
  return all;
}

}  // namespace ravel::detail
