// SPDX-License-Identifier: MIT
// Planted: the opener opens for one who waits already; who comes later spins for ever.
// Not in plain: a loop without any point cannot be left there, and the execution hangs.
#include "pair.hpp"

#include <atomic>

namespace {

void body(ravel::trial& trial) {
  std::atomic<bool> is_waiting{false}, may_go{false};
  trial.thread("waiter", [&](ravel::worker&) {
    is_waiting = true;
    while (!may_go) {
    }
  });
  trial.thread("opener", [&](ravel::worker&) {
    if (is_waiting) may_go = true;
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "spin",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::livelock},
                .not_run_in = {"plain"},
                .body = body});
