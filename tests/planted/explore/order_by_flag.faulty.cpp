// SPDX-License-Identifier: MIT
// Planted: opposite orders of two mutexes, which a flag keeps from meeting: the second thread waits until the first one
// has done with them. The lock order cannot see the flag, and reports; no schedule may confirm it.
#include "pair.hpp"

#include <atomic>
#include <mutex>
#include <thread>

namespace {

void body(ravel::trial& trial) {
  std::mutex a, b;
  std::atomic<bool> is_done{false};
  trial.thread("first", [&](ravel::worker&) {
    {
      const std::lock_guard outer(a);
      const std::lock_guard inner(b);
    }
    is_done = true;
  });
  trial.thread("second", [&](ravel::worker&) {
    while (!is_done) std::this_thread::yield();
    const std::lock_guard outer(b);
    const std::lock_guard inner(a);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "order_by_flag",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::lock_order},
                .is_found_in_plain = true,
                .is_confirmed = false,
                .options = {.executions = 3},
                .body = body});
