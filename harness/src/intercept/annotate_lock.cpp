// SPDX-License-Identifier: MIT
// Locks of the target's own making, told by the macros of ravel/annotate.h (RAVEL_LOCK_REQUESTED and so on),
// which refer to these functions weakly: production code without Ravel calls nothing.
// Any thread. Cost while nobody watches: a call and a branch.
#include "lock_events.hpp"
#include "next.hpp"

namespace ravel::detail {

namespace {

lock_event custom_event(const void* lock, const char* name, int shared, std::uintptr_t pc) noexcept {
  return {lock, pc, shared != 0 ? lock_mode::shared : lock_mode::exclusive, lock_kind::custom, request_kind::blocking,
          name};
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel;
using namespace ravel::detail;

extern "C" {

[[gnu::visibility("default")]] void ravel_lock_requested(const void* lock, const char* name, int shared) {
  lock_observer* observer = watching();
  if (observer == nullptr) return;
  noise_at_lock();
  if (thread_record* record = this_thread())
    observer->requested(*record, custom_event(lock, name, shared, RAVEL_CALLER));
}

[[gnu::visibility("default")]] void ravel_lock_acquired(const void* lock, const char* name, int shared) {
  lock_observer* observer = watching();
  if (observer == nullptr) return;
  if (thread_record* record = this_thread())
    observer->acquired(*record, custom_event(lock, name, shared, RAVEL_CALLER));
}

[[gnu::visibility("default")]] void ravel_lock_released(const void* lock, const char* name, int shared) {
  lock_observer* observer = watching();
  if (observer == nullptr) return;
  if (thread_record* record = this_thread())
    observer->released(*record, custom_event(lock, name, shared, RAVEL_CALLER));
}

[[gnu::visibility("default")]] void ravel_lock_destroyed(const void* lock, const char* name, int shared) {
  lock_observer* observer = watching();
  if (observer == nullptr) return;
  if (thread_record* record = this_thread())
    observer->destroyed(*record, custom_event(lock, name, shared, RAVEL_CALLER));
}
}
