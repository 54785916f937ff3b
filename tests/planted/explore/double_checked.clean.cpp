// SPDX-License-Identifier: MIT
// Twin: first the value.
#include "pair.hpp"

#include <atomic>
#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex lock;
  std::atomic<bool> is_ready{false};
  std::atomic<int> value{0};
  trial.threads(2, "user", [&](ravel::worker& me) {
    if (!is_ready) {
      const std::lock_guard guard(lock);
      if (!is_ready) {
        value = 42;
        is_ready = true;
      }
    }
    me.require_equal(value.load(), 42, "what is ready is complete");
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "double_checked", .half = explored::half::clean, .body = body});
