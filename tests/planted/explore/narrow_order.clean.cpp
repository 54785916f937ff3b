// SPDX-License-Identifier: MIT
// Twin: one early, the other near its end, but in the same order.
#include "pair.hpp"

#include <mutex>

namespace {

void pass_points(int count) {
  std::mutex own;
  for (int i = 0; i < count; ++i) const std::lock_guard passing(own);
}

void body(ravel::trial& trial) {
  std::mutex a, b;
  trial.thread("early", [&](ravel::worker&) {
    {
      const std::lock_guard outer(a);
      const std::lock_guard inner(b);
    }
    pass_points(400);
  });
  trial.thread("late", [&](ravel::worker&) {
    pass_points(400);
    const std::lock_guard outer(a);
    const std::lock_guard inner(b);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "narrow_order", .half = explored::half::clean, .body = body});
