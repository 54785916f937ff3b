// SPDX-License-Identifier: MIT
// Locks that live one after the other at one address, on a thread's stack and in the heap, are not one lock:
// each is shared with a helper thread while it lives. Helgrind hears of no end of a std::mutex and mixes them up.
#include "bodies.hpp"

#include <memory>

namespace {
std::mutex pool_lock;

[[gnu::noinline]] void pool_first(std::mutex& job) {
  guard a(pool_lock);
  guard b(job);
}
[[gnu::noinline]] void job_first(std::mutex& job) {
  guard b(job);
  guard a(pool_lock);
}

[[gnu::noinline]] void on_the_stack(void (*act)(std::mutex&)) {
  std::mutex job;
  act(job);
}
[[gnu::noinline]] void in_the_heap(void (*act)(std::mutex&)) {
  const auto job = std::make_unique<std::mutex>();
  act(*job);
}
}  // namespace

// Not run under Valgrind's race detectors: they replace free, so that Ravel does not see memory given back.
RAVEL_PLANTED({.bug = "lock_address_reuse",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {"helgrind", "drd"},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "worker", [](ravel::worker& me) {
                   for (int i = 0; i < 4; ++i) {
                     on_the_stack((me.index() + static_cast<unsigned>(i)) % 2 == 0 ? pool_first : job_first);
                     in_the_heap((me.index() + static_cast<unsigned>(i)) % 2 == 0 ? pool_first : job_first);
                   }
                 });
                 trial.run();
               }});
