// SPDX-License-Identifier: MIT
// Twin: both stages in one critical section.
#include "pair.hpp"

#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex lock;
  int first = 0, second = 0;
  trial.threads(99, "updater", [&](ravel::worker&) {
    const std::lock_guard guard(lock);
    first = 1;
    second = first + 1;
  });
  trial.thread("reader", [&](ravel::worker& me) {
    const std::lock_guard guard(lock);
    if (first != 0) me.require_equal(second, first + 1, "the second stage follows the first");
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "two_stage_hundred", .half = explored::half::clean, .body = body});
