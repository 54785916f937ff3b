// SPDX-License-Identifier: MIT
// See shown_events.hpp. An actor of a finding and an event belong together by thread, line, and what was done.
#include "shown_events.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

bool has_word(const std::string& text, const char* word) { return text.find(word) != std::string::npos; }

bool fits_action(const std::string& action, operation what) {
  const bool is_write = what == operation::write || what == operation::atomic_store || what == operation::atomic_update;
  const bool is_read = what == operation::read || what == operation::atomic_load || what == operation::atomic_update;
  if (has_word(action, "read")) return is_read;
  if (has_word(action, "wrote") || has_word(action, "write")) return is_write;
  if (has_word(action, "holds") || has_word(action, "wants") || has_word(action, "lock"))
    return what == operation::lock || what == operation::lock_shared || what == operation::try_lock ||
           what == operation::timed_lock || what == operation::unlock;
  return true;
}

bool is_at(const frame* place, const frame& wanted) {
  return place != nullptr && wanted.line != 0 && place->line == wanted.line && place->file == wanted.file;
}

// By time; of those that fit by what they do, else of all at the line.
std::vector<const traced_event*> events_of(const actor& actor, const std::vector<shown_event>& candidates,
                                           const trace& trace, const source_places& places) {
  std::vector<const traced_event*> fitting, there;
  if (is_freeing(actor)) return {};  // no event
  for (const shown_event& one : candidates) {
    const traced_event& event = *one.event;
    if (name_of_thread(trace, event.thread) != actor.thread || !is_at(places.of(event), actor.place)) continue;
    there.push_back(&event);
    if (fits_action(actor.action, event.what)) fitting.push_back(&event);
  }
  std::vector<const traced_event*>& found = fitting.empty() ? there : fitting;
  std::ranges::stable_sort(found, {}, &traced_event::done);
  return found;
}

bool overlap(const traced_event& a, const traced_event& b) {
  const auto first = reinterpret_cast<std::uintptr_t>(a.object), second = reinterpret_cast<std::uintptr_t>(b.object);
  return first < second + std::max(b.bytes, 1u) && second < first + std::max(a.bytes, 1u);
}

// The first access of one that comes after one of the other to the same memory.
std::vector<const traced_event*> first_pair(const std::vector<const traced_event*>& a,
                                            const std::vector<const traced_event*>& b) {
  std::vector<const traced_event*> all(a);
  all.insert(all.end(), b.begin(), b.end());
  std::ranges::stable_sort(all, {}, &traced_event::done);
  for (auto second = all.begin(); second != all.end(); ++second)
    for (auto first = second; first-- != all.begin();)
      if ((*first)->thread != (*second)->thread && overlap(**first, **second)) return {*first, *second};
  return {};
}

}  // namespace

bool is_freeing(const actor& actor) {
  for (const frame& frame : actor.stack) {
    if (frame.is_user) return false;
    if (frame.function.starts_with("operator delete") || frame.function == "free") return true;
  }
  return false;
}

std::vector<const traced_event*> events_of_finding(const finding& finding, const std::vector<shown_event>& candidates,
                                                   const trace& trace, const source_places& places) {
  std::vector<const traced_event*> found;
  const auto of = [&](const actor& actor) { return events_of(actor, candidates, trace, places); };
  if (finding.kind == finding_kind::race && finding.actors.size() >= 2)
    found = first_pair(of(finding.actors[0]), of(finding.actors[1]));
  if (!found.empty()) return found;
  for (const actor& actor : finding.actors)
    if (const auto events = of(actor); !events.empty()) found.push_back(events.back());
  return found;
}

}  // namespace ravel::detail
