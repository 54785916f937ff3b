// SPDX-License-Identifier: MIT
// Twin: the flag as well, and both take the mutexes in the same order.
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
    const std::lock_guard outer(a);
    const std::lock_guard inner(b);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "order_by_flag", .half = explored::half::clean, .body = body});
