// SPDX-License-Identifier: MIT
// pthread_once and with it std::call_once. Under control the routine runs while the model keeps the others out; when it
// has ended, the real call marks the once as done, with a routine that does nothing: so the tools see their edge, and
// a routine that throws leaves nothing half done, which TSan's version would.
// Thread safety: any thread. Cost while no execution is in flight: a branch.
#include "turn.hpp"

#include "next.hpp"

#include <ravel/observer.hpp>

#include <pthread.h>

RAVEL_NEXT(int, pthread_once, (pthread_once_t * once, void (*routine)()), (once, routine))

namespace ravel::detail {

namespace {

void do_nothing() {}

// What a once holds when it is done differs between libc and TSan's runtimes. acquire: as libc's own look at it, whose
// last store is a release.
pthread_once_t done_value() noexcept {
  static constinit pthread_once_t probe = PTHREAD_ONCE_INIT;
  if (__atomic_load_n(&probe, __ATOMIC_ACQUIRE) == PTHREAD_ONCE_INIT) next_pthread_once(&probe, do_nothing);
  return __atomic_load_n(&probe, __ATOMIC_ACQUIRE);
}
[[gnu::constructor]] void settle_done_value() noexcept { static_cast<void>(done_value()); }

// The next attempt comes after one that threw; the tools would not know.
void attempt(const pthread_once_t* once, void (*routine)()) {
  tool_acquire(once);
  try {
    routine();
  } catch (...) {
    tool_release(once);
    throw;
  }
}

bool is_done(const pthread_once_t* once) noexcept { return __atomic_load_n(once, __ATOMIC_ACQUIRE) == done_value(); }

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_once, (pthread_once_t * once, void (*routine)())) {
  controlled_thread* self = in_control();
  if (self == nullptr || is_done(once)) return next_pthread_once(once, routine);
  turn of_self(*self, event_on(operation::acquire, once, RAVEL_CALLER));
  if (!is_done(once)) attempt(once, routine);
  return next_pthread_once(once, do_nothing);
}
