// SPDX-License-Identifier: MIT
// What intercepted calls share when the caller is under control: first the model decides who may go on, then the real
// call is made, which cannot block then. Cost while nothing is watched or controlled: two loads, two branches.
#pragma once

#include "lock_events.hpp"

#include "engine/execution.hpp"

#include <pthread.h>

namespace ravel::detail {

// Nobody watches locks and no execution is in flight.
[[nodiscard]] [[gnu::always_inline]] inline bool is_idle() noexcept {
  return watching() == nullptr && control.running == nullptr;
}

// A lock that is held although the model knows of nobody who took it: somebody outside of the execution has it.
[[nodiscard]] controlled_thread& outsider() noexcept;

// Puts the model right before a lock is asked for: the memory may have been another lock's, or the lock may have been
// taken before the execution began.
inline void match_reality(sync_object& object, bool is_really_held) noexcept {
  if (object.owner == nullptr && object.sharers == 0) {
    if (is_really_held) object.owner = &outsider();
  } else if (!is_really_held) {
    object.owner = nullptr;
    object.depth = object.sharers = 0;
  }
}

[[nodiscard]] inline event event_on(operation what, const void* object, std::uintptr_t pc) noexcept {
  return {what, 0, object, pc};
}

// Before a call whose effect is on the calling kernel thread: a carried thread goes on on its own.
inline void go_home(std::uintptr_t pc) noexcept {
  controlled_thread* self = in_control();
  if (self == nullptr) return;
  execution& execution = the_execution();
  if (self->index == 0)  // the carrier is its own
    execution.point(*self, event_on(operation::none, nullptr, pc));
  else
    execution.go_native(*self, event_on(operation::none, nullptr, pc));
}

}  // namespace ravel::detail
