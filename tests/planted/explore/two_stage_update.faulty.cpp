// SPDX-License-Identifier: MIT
// Planted: an update in two critical sections, each right by itself; the reader comes between them. One updater.
#include "pair.hpp"

#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex first_lock, second_lock;
  int first = 0, second = 0;
  trial.threads(1, "updater", [&](ravel::worker&) {
    int seen = 0;
    {
      const std::lock_guard guard(first_lock);
      first = 1;
      seen = first;
    }
    const std::lock_guard guard(second_lock);
    second = seen + 1;
  });
  trial.thread("reader", [&](ravel::worker& me) {
    int one = 0;
    {
      const std::lock_guard guard(first_lock);
      one = first;
    }
    if (one == 0) return;
    const std::lock_guard guard(second_lock);
    me.require_equal(second, one + 1, "the second stage follows the first");
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "two_stage_update",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::requirement},
                .is_found_in_plain = true,
                .body = body});
