// SPDX-License-Identifier: MIT
// Planted: the look and the booking are two critical sections, so that two threads book the same seat.
#include "pair.hpp"

#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex lock;
  bool is_booked = false;
  int bookings = 0;
  trial.threads(2, "client", [&](ravel::worker&) {
    bool was_booked = true;
    {
      const std::lock_guard guard(lock);
      was_booked = is_booked;
    }
    if (was_booked) return;
    const std::lock_guard guard(lock);
    is_booked = true;
    ++bookings;
  });
  trial.run();
  trial.require_equal(bookings, 1, "the seat is booked once");
}

}  // namespace

RAVEL_EXPLORED({.bug = "check_then_act",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::requirement},
                .is_found_in_plain = true,
                .body = body});
