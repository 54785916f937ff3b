// SPDX-License-Identifier: MIT
// pthread_once and with it std::call_once. Under control the routine runs while the model keeps the others out; when it
// has ended, the real call marks the once as done, with a routine that does nothing: so the tools see their edge.
// TSan's own version is left out: after a routine that throws, it lets those who wait for it wait for ever. libc's is
// called, and TSan is told of the edges.
// Thread safety: any thread. Cost while no execution is in flight: a branch.
#include "turn.hpp"

#include "lock_events.hpp"
#include "next.hpp"

#include <ravel/observer.hpp>

#include <dlfcn.h>
#include <pthread.h>

RAVEL_NEXT(int, pthread_once, (pthread_once_t * once, void (*routine)()), (once, routine))

namespace ravel::detail {

namespace {

void do_nothing() {}

using once_function = int (*)(pthread_once_t*, void (*)());

once_function libc_once() noexcept {
  static const once_function found = [] {
    void* libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
    return libc == nullptr ? nullptr : reinterpret_cast<once_function>(dlsym(libc, "pthread_once"));
  }();
  return found;
}

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

// libc's routines have no argument.
struct told_once {
  const pthread_once_t* once;
  void (*routine)();
};
thread_local told_once next_told;

void run_told() {
  const told_once own = next_told;
  attempt(own.once, own.routine);
  tool_release(own.once);
}

int real_once(pthread_once_t* once, void (*routine)()) {
  const once_function of_libc = has_tsan() ? libc_once() : nullptr;
  if (of_libc == nullptr) return next_pthread_once(once, routine);
  next_told = {once, routine};
  const int error = of_libc(once, run_told);
  tool_acquire(once);
  return error;
}

// What a once holds when it is done. acquire: as libc's own look at it, whose
// last store is a release.
pthread_once_t done_value() noexcept {
  static constinit pthread_once_t probe = PTHREAD_ONCE_INIT;
  if (__atomic_load_n(&probe, __ATOMIC_ACQUIRE) == PTHREAD_ONCE_INIT) real_once(&probe, do_nothing);
  return __atomic_load_n(&probe, __ATOMIC_ACQUIRE);
}
[[gnu::constructor]] void settle_done_value() noexcept { static_cast<void>(done_value()); }

bool is_done(const pthread_once_t* once) noexcept { return __atomic_load_n(once, __ATOMIC_ACQUIRE) == done_value(); }

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_once, (pthread_once_t * once, void (*routine)())) {
  controlled_thread* self = in_control();
  if (self == nullptr || is_done(once)) return real_once(once, routine);
  turn of_self(*self, event_on(operation::acquire, once, RAVEL_CALLER));
  if (!is_done(once)) attempt(once, routine);
  return real_once(once, do_nothing);
}
