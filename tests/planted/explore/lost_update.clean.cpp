// SPDX-License-Identifier: MIT
// Twin: the increment is one step.
#include "pair.hpp"

#include <atomic>

namespace {

void body(ravel::trial& trial) {
  std::atomic<int> count{0};
  trial.threads(2, "adder", [&](ravel::worker&) { count.fetch_add(1); });
  trial.run();
  trial.require_equal(count.load(), 2, "no update is lost");
}

}  // namespace

RAVEL_EXPLORED({.bug = "lost_update", .half = explored::half::clean, .body = body});
