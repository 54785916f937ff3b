// SPDX-License-Identifier: MIT
// Planted: fifty threads set two values that belong together, one after the other; the checker comes between.
#include "pair.hpp"

#include <atomic>

namespace {

void body(ravel::trial& trial) {
  std::atomic<int> first{0}, second{0};
  trial.threads(49, "setter", [&](ravel::worker&) {
    first = 1;
    second = -1;
  });
  trial.thread("checker", [&](ravel::worker& me) {
    const int one = first, other = second;
    me.require(one + other == 0, "both are set, or none is");
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED(
    {.bug = "order_fifty", .half = explored::half::faulty, .kinds = {ravel::finding_kind::requirement}, .body = body});
