// SPDX-License-Identifier: MIT
// pthread barriers. The real wait blocks all but the last, so under control the model counts alone, and the tools are
// told of the edges: what each did before the barrier happens before what any does after it.
// Thread safety: any thread. Cost while no execution is in flight: a branch.
#include "alone.hpp"
#include "control.hpp"
#include "next.hpp"
#include "uncontrolled.hpp"

#include <pthread.h>

RAVEL_NEXT(int, pthread_barrier_wait, (pthread_barrier_t * b), (b))
RAVEL_NEXT(int, pthread_barrier_init, (pthread_barrier_t * b, const pthread_barrierattr_t* a, unsigned n), (b, a, n))
RAVEL_NEXT(int, pthread_barrier_destroy, (pthread_barrier_t * b), (b))

namespace ravel::detail {

namespace {

// How many a barrier waits for lies in libc's own part of it; where, is found out by making one.
constexpr unsigned words = sizeof(pthread_barrier_t) / sizeof(unsigned);
unsigned count_at = words;

[[gnu::constructor]] void find_count() noexcept {
  constexpr unsigned unlikely = 0x5A17;
  pthread_barrier_t probe;
  if (next_pthread_barrier_init(&probe, nullptr, unlikely) != 0) return;
  for (count_at = 0; count_at < words; ++count_at)
    if (reinterpret_cast<const volatile unsigned*>(&probe)[count_at] == unlikely) break;
  next_pthread_barrier_destroy(&probe);
}

unsigned count_of(const pthread_barrier_t* barrier) noexcept {
  return reinterpret_cast<const volatile unsigned*>(barrier)[count_at];
}

int wait_under_control(controlled_thread& self, pthread_barrier_t* barrier, std::uintptr_t pc) noexcept {
  execution& execution = the_execution();
  const event waits = event_on(operation::acquire, barrier, pc);
  execution.point(self, waits);
  tell_use(barrier, pc);  // before the edge: whoever is the first to leave may destroy it
  tool_frame frame(pc);
  tool_release(barrier);
  sync_object& object = execution.object(barrier);
  if (++object.count < count_of(barrier)) {
    const std::uint32_t round = object.depth;
    while (object.depth == round) execution.wait(self, waits, object);  // not only because a handler ran
    tool_acquire(barrier);
    return 0;
  }
  object.count = 0;
  ++object.depth;
  execution.wake(object, ~0u);
  tool_acquire(barrier);
  return PTHREAD_BARRIER_SERIAL_THREAD;
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_barrier_wait, (pthread_barrier_t * barrier)) {
  if (is_alone()) [[unlikely]]
    leave_alone();
  controlled_thread* self = in_control();
  if (self != nullptr && count_at < words) return wait_under_control(*self, barrier, RAVEL_CALLER);
  if (self != nullptr)
    tell_uncontrolled("pthread_barrier_wait", "this libc's barrier is not known; the wait blocks every thread",
                      RAVEL_CALLER);
  tool_frame frame(RAVEL_CALLER);
  return next_pthread_barrier_wait(barrier);
}
RAVEL_INTERCEPT(int, pthread_barrier_init,
                (pthread_barrier_t * barrier, const pthread_barrierattr_t* attributes, unsigned count)) {
  tool_frame frame(RAVEL_CALLER);
  const int error = next_pthread_barrier_init(barrier, attributes, count);
  if (error == 0 && in_control() != nullptr) the_execution().object(barrier).count = 0;
  return error;
}
RAVEL_INTERCEPT(int, pthread_barrier_destroy, (pthread_barrier_t * barrier)) {
  tool_frame frame(RAVEL_CALLER);
  return next_pthread_barrier_destroy(barrier);
}
