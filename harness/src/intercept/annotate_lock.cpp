// SPDX-License-Identifier: MIT
// Locks of the target's own making, told by the macros of ravel/annotate.h (RAVEL_LOCK_REQUESTED and so on),
// which refer to these functions weakly: production code without Ravel calls nothing.
// Under control a request waits until the model says that the lock is free, so that the target's own waiting ends at
// once; and RAVEL_POINT is a point. Any thread. Cost while nobody watches: a call and a branch.
#include "alone.hpp"
#include "control.hpp"
#include "next.hpp"

namespace ravel::detail {

namespace {

lock_event custom_event(const void* lock, const char* name, int shared, std::uintptr_t pc) noexcept {
  return {lock, pc, shared != 0 ? lock_mode::shared : lock_mode::exclusive, lock_kind::custom, request_kind::blocking,
          name};
}

event control_event(const void* lock, int shared, std::uintptr_t pc) noexcept {
  return event_on(shared != 0 ? operation::lock_shared : operation::lock, lock, pc);
}

void request(const void* lock, int shared, std::uintptr_t pc) noexcept {
  controlled_thread* self = in_control();
  if (self == nullptr) return;
  sync_object& object = the_execution().object(lock);
  if (object.owner == self)
    ++object.depth;
  else
    the_execution().take(*self, control_event(lock, shared, pc), object);
}

// Who only looks would wait in the lock's own way, for ever.
void request_alone(const void* lock, int shared) noexcept {
  if (alone.taken == nullptr || !alone.taken->is_in_execution) return;
  if (!the_execution().object(lock).is_free_for(shared != 0 ? operation::lock_shared : operation::lock)) leave_alone();
}

// What was tried has not been requested, and may have been taken from under one who waits for it in its own way.
void acquire(const void* lock, int shared, std::uintptr_t pc) noexcept {
  controlled_thread* self = in_control();
  if (self == nullptr) return;
  sync_object& object = the_execution().object(lock);
  const event takes = control_event(lock, shared, pc);
  const bool is_known = shared != 0 ? object.sharers != 0 : object.owner == self;
  if (!is_known) the_execution().took(*self, takes, object);
}

void release(const void* lock) noexcept {
  controlled_thread* self = in_control();
  if (self == nullptr) return;
  sync_object& object = the_execution().object(lock);
  if (object.owner == self || (object.owner == nullptr && object.sharers != 0)) the_execution().give_up(*self, object);
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel;
using namespace ravel::detail;

extern "C" {

[[gnu::visibility("default")]] void ravel_point(void) {
  if (controlled_thread* self = in_control())
    the_execution().point(*self, event_on(operation::annotated, nullptr, RAVEL_CALLER));
}

[[gnu::visibility("default")]] void ravel_lock_requested(const void* lock, const char* name, int shared) {
  if (is_alone()) [[unlikely]]
    return request_alone(lock, shared);
  lock_observer* observer = watching();
  if (observer == nullptr && control.running == nullptr) return;
  noise_at_lock();
  if (thread_record* record = observer == nullptr ? nullptr : this_thread())
    observer->requested(*record, custom_event(lock, name, shared, RAVEL_CALLER));
  request(lock, shared, RAVEL_CALLER);
}

[[gnu::visibility("default")]] void ravel_lock_acquired(const void* lock, const char* name, int shared) {
  lock_observer* observer = watching();
  if (observer == nullptr && control.running == nullptr) return;
  acquire(lock, shared, RAVEL_CALLER);
  if (thread_record* record = observer == nullptr ? nullptr : this_thread())
    observer->acquired(*record, custom_event(lock, name, shared, RAVEL_CALLER));
}

[[gnu::visibility("default")]] void ravel_lock_released(const void* lock, const char* name, int shared) {
  lock_observer* observer = watching();
  if (observer == nullptr && control.running == nullptr) return;
  release(lock);
  if (thread_record* record = observer == nullptr ? nullptr : this_thread())
    observer->released(*record, custom_event(lock, name, shared, RAVEL_CALLER));
}

[[gnu::visibility("default")]] void ravel_lock_destroyed(const void* lock, const char* name, int shared) {
  lock_observer* observer = watching();
  if (observer == nullptr) return;
  if (thread_record* record = this_thread())
    observer->destroyed(*record, custom_event(lock, name, shared, RAVEL_CALLER));
}
}
