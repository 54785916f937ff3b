// SPDX-License-Identifier: MIT
// Which objects of a traced execution matter to more than one thread: several use them, and one changes them while
// others are there. What the body's thread makes before the others run, and what a thread keeps for itself, do not.
// Not thread safe. Cost: O(events log objects) once, then O(log objects).
#pragma once

#include "trace.hpp"

#include <cstdint>
#include <map>

namespace ravel::detail {

class shared_objects {
 public:
  explicit shared_objects(const trace& trace) {
    bool is_alone = true;
    for (std::uint32_t i = 0; i < trace.event_count; ++i) {
      const traced_event& event = trace.events[i];
      is_alone = is_alone && event.thread == 0;
      if (event.object == nullptr) continue;
      use& use = uses_.try_emplace(event.object, event.thread).first->second;
      use.is_shared = use.is_shared || use.first != event.thread;
      use.is_changed = use.is_changed || (!is_read_only(event.what) && !is_alone);
    }
  }
  [[nodiscard]] bool has(const void* object) const {
    const auto known = uses_.find(object);
    return known != uses_.end() && known->second.is_shared && known->second.is_changed;
  }

 private:
  struct use {
    explicit use(std::uint32_t thread) : first(thread) {}
    std::uint32_t first;
    bool is_shared = false, is_changed = false;
  };
  std::map<const void*, use> uses_;
};

}  // namespace ravel::detail
