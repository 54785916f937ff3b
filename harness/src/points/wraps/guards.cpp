// SPDX-License-Identifier: MIT
// Initialisation of function-local statics under TSan, whose own version of these functions waits inside itself. The
// compiler asks for the right to initialise, and says when it is done; under control the model says whose turn it is.
// In the other variants the C++ library's version waits by the futex call, which is intercepted (futex.cpp).
// Thread safety: any thread. Cost while no execution is in flight: a branch, and only until the static is there.
#include "points/points.hpp"

#include <ravel/observer.hpp>

#include <cstdint>

using namespace ravel::detail;

namespace {

event event_at(operation what, const std::int64_t* guard, std::uintptr_t pc) noexcept { return {what, 0, guard, pc}; }

// The initialiser is over: others may look.
void give_up(controlled_thread& self, const std::int64_t* guard, std::uintptr_t pc) noexcept {
  execution& execution = the_execution();
  sync_object& object = execution.object(guard);
  if (object.owner == &self) execution.give_up(self, object);
  execution.point(self, event_at(operation::release, guard, pc));
}

}  // namespace

#define RAVEL_EXPORTED [[gnu::visibility("default")]]

// The guard is 64 bits of which the first byte says that the static is there (Itanium C++ ABI, 3.3.3).
extern "C" {

int __real___cxa_guard_acquire(std::int64_t* guard);
void __real___cxa_guard_release(std::int64_t* guard);
void __real___cxa_guard_abort(std::int64_t* guard);

RAVEL_EXPORTED int __wrap___cxa_guard_acquire(std::int64_t* guard) {
  controlled_thread* self = in_control();
  if (self == nullptr) [[likely]]
    return __real___cxa_guard_acquire(guard);
  execution& execution = the_execution();
  sync_object& object = execution.object(guard);
  execution.take(*self, event_at(operation::acquire, guard, RAVEL_ACCESS_CALLER), object);
  const int must_initialise = __real___cxa_guard_acquire(guard);
  if (must_initialise == 0)
    execution.give_up(*self, object);
  else
    ravel::tool_acquire(guard);
  return must_initialise;
}
RAVEL_EXPORTED void __wrap___cxa_guard_release(std::int64_t* guard) {
  __real___cxa_guard_release(guard);
  if (controlled_thread* self = in_control()) give_up(*self, guard, RAVEL_ACCESS_CALLER);
}
RAVEL_EXPORTED void __wrap___cxa_guard_abort(std::int64_t* guard) {
  ravel::tool_release(guard);  // TSan's version has no edge to the next attempt, though that waits for this one
  __real___cxa_guard_abort(guard);
  if (controlled_thread* self = in_control()) give_up(*self, guard, RAVEL_ACCESS_CALLER);
}
}
