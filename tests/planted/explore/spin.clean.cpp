// SPDX-License-Identifier: MIT
// Twin: it opens in any case.
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
  trial.thread("opener", [&](ravel::worker&) { may_go = true; });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "spin", .half = explored::half::clean, .not_run_in = {"plain"}, .body = body});
