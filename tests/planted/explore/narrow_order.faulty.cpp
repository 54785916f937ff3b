// SPDX-License-Identifier: MIT
// Planted: two threads take two mutexes in opposite orders, one at its start, the other near its end. Random schedules
// see the orders at once, and the deadlock hardly ever; schedules directed there show it.
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
    const std::lock_guard outer(b);
    const std::lock_guard inner(a);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "narrow_order",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::lock_order, ravel::finding_kind::deadlock},
                .is_found_in_plain = true,
                .is_confirmed = true,
                .options = {.executions = 3, .strategy = "random"},
                .body = body});
