// SPDX-License-Identifier: MIT
// Planted: one of seven threads takes another lock than the rest.
#include "pair.hpp"

#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex right, wrong;
  int value = 0;
  trial.threads(7, "adder", [&](ravel::worker& me) {
    const std::lock_guard guard(me.index() == 4 ? wrong : right);
    const int before = value;
    value = before + 1;
  });
  trial.run();
  trial.require_equal(value, 7, "no update is lost");
}

}  // namespace

RAVEL_EXPLORED({.bug = "wrong_lock",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::requirement, ravel::finding_kind::race},
                .body = body});
