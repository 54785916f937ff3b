// SPDX-License-Identifier: MIT
// See named_locks.hpp.
#include "named_locks.hpp"

#include "shown_events.hpp"

#include <algorithm>

namespace ravel::detail {

std::vector<named_lock> named_locks(const std::vector<const traced_event*>& events, const trace& trace,
                                    const source_places& places, const object_names& names) {
  std::vector<named_lock> locks;
  for (const traced_event* event : events) {
    const bool is_lock = event->what == operation::lock || event->what == operation::lock_shared ||
                         event->what == operation::try_lock || event->what == operation::timed_lock;
    const frame* place = places.of(*event);
    if (is_lock && place != nullptr && names.is_known(*event))
      locks.push_back({name_of_thread(trace, event->thread), names.name_of(*event), *place});
  }
  return locks;
}

void name_locks(finding& finding, const std::vector<named_lock>& locks) {
  for (actor& actor : finding.actors) {
    const std::size_t unnamed = actor.object.find(" locked at ");
    if (unnamed == std::string::npos || !actor.object.starts_with("the ")) continue;
    const named_lock* found = nullptr;
    bool is_clear = true;
    for (const named_lock& one : locks) {
      if (one.thread != actor.thread || one.place.line != actor.place.line || one.place.file != actor.place.file)
        continue;
      is_clear = is_clear && (found == nullptr || found->name == one.name);
      found = &one;
    }
    if (found != nullptr && is_clear) actor.object = actor.object.substr(0, unnamed) + " " + found->name;
  }
}

}  // namespace ravel::detail
