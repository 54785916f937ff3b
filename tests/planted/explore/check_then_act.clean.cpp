// SPDX-License-Identifier: MIT
// Twin: look and booking in one critical section.
#include "pair.hpp"

#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex lock;
  bool is_booked = false;
  int bookings = 0;
  trial.threads(2, "client", [&](ravel::worker&) {
    const std::lock_guard guard(lock);
    if (is_booked) return;
    is_booked = true;
    ++bookings;
  });
  trial.run();
  trial.require_equal(bookings, 1, "the seat is booked once");
}

}  // namespace

RAVEL_EXPLORED({.bug = "check_then_act", .half = explored::half::clean, .body = body});
