// SPDX-License-Identifier: MIT
// Locks: an uncontended lock and unlock of a pthread mutex, bare (the function that Ravel's interception
// calls in the end), intercepted outside a run (idle), and in a run with the lock-order check, with nothing
// else held and with one other lock held. libc leaves the atomics out while a process has one thread, so the
// baseline of the runs is in_run_without_check, that of idle_interception is bare_lock.
#include "measured.hpp"

#include <dlfcn.h>
#include <pthread.h>

namespace {

constexpr std::uint64_t count = 5'000'000;
pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;

void intercepted(std::uint64_t n) {
  for (std::uint64_t i = 0; i < n; ++i) {
    pthread_mutex_lock(&inner);
    pthread_mutex_unlock(&inner);
  }
}

void bare_lock(benchmark::State& state) {
  using function = int (*)(pthread_mutex_t*);
  const auto lock = reinterpret_cast<function>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
  const auto unlock = reinterpret_cast<function>(dlsym(RTLD_NEXT, "pthread_mutex_unlock"));
  bare(state, count, [&](std::uint64_t n) {
    for (std::uint64_t i = 0; i < n; ++i) {
      lock(&inner);
      unlock(&inner);
    }
  });
}
BENCHMARK(bare_lock)->UseManualTime()->Iterations(5);

void idle_interception(benchmark::State& state) { bare(state, count, intercepted); }
BENCHMARK(idle_interception)->UseManualTime()->Iterations(5);

void in_run_without_check(benchmark::State& state) {
  in_a_run(state, count, {"lock_order", "deadlock"},
           [](ravel::trial&, ravel::worker&, std::uint64_t n) { intercepted(n); });
}
BENCHMARK(in_run_without_check)->UseManualTime()->Iterations(5);

void lock_order_nothing_held(benchmark::State& state) {
  in_a_run(state, count, {}, [](ravel::trial&, ravel::worker&, std::uint64_t n) { intercepted(n); });
}
BENCHMARK(lock_order_nothing_held)->UseManualTime()->Iterations(5);

void lock_order_one_held(benchmark::State& state) {
  in_a_run(state, count, {}, [](ravel::trial&, ravel::worker&, std::uint64_t n) {
    pthread_mutex_lock(&outer);
    intercepted(n);
    pthread_mutex_unlock(&outer);
  });
}
BENCHMARK(lock_order_one_held)->UseManualTime()->Iterations(5);

}  // namespace
