// SPDX-License-Identifier: MIT
// Twin: all take the same lock.
#include "pair.hpp"

#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex right;
  int value = 0;
  trial.threads(7, "adder", [&](ravel::worker&) {
    const std::lock_guard guard(right);
    const int before = value;
    value = before + 1;
  });
  trial.run();
  trial.require_equal(value, 7, "no update is lost");
}

}  // namespace

RAVEL_EXPLORED({.bug = "wrong_lock", .half = explored::half::clean, .body = body});
