// SPDX-License-Identifier: MIT
// Planted: double-checked locking that says ready before the value is there.
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
        is_ready = true;
        value = 42;
      }
    }
    me.require_equal(value.load(), 42, "what is ready is complete");
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "double_checked",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::requirement},
                .body = body});
