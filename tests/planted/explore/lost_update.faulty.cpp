// SPDX-License-Identifier: MIT
// Planted: a switch between the read and the write of an increment loses an update.
#include "pair.hpp"

#include <atomic>

namespace {

void body(ravel::trial& trial) {
  int count = 0;
  trial.threads(2, "adder", [&](ravel::worker&) {
    int* const shared = &count;
    *shared = *shared + 1;
  });
  trial.run();
  trial.require_equal(count, 2, "no update is lost");
}

}  // namespace

RAVEL_EXPLORED({.bug = "lost_update",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::requirement, ravel::finding_kind::race},
                .body = body});
