// SPDX-License-Identifier: MIT
// Stating an invariant never hides a race. It takes a lock on each thread at each point: were that visible to the tool,
// it would order the writer before the reader, who comes after it by a relaxed atomic that orders nothing.
#include "pair.hpp"

#include <atomic>
#include <mutex>
#include <thread>

namespace {

void body(ravel::trial& trial) {
  int shared = 0, own = 0;
  std::atomic<bool> is_written{false};
  std::mutex lock;
  std::atomic<int> judged{0};
  const auto looked = trial.invariant("it is looked at",
                                      [&] {
                                        const std::lock_guard guard(lock);
                                        return judged.fetch_add(1) >= 0;
                                      },
                                      {.at = ravel::every_point});
  trial.thread("writer", [&](ravel::worker&) {
    shared = 1;
    is_written.store(true, std::memory_order_relaxed);
  });
  trial.thread("reader", [&](ravel::worker& me) {
    while (!is_written.load(std::memory_order_relaxed)) std::this_thread::yield();
    const int* const read = me.index() == 0 ? &shared : &own;
    me.require(*static_cast<const volatile int*>(read) >= 0, "it is no negative number");
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "race_beside_invariant",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::race},
                .not_run_in = {"plain", "points"},  // where nobody looks for races
                .body = body});
