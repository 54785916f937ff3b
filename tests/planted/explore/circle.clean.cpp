// SPDX-License-Identifier: MIT
// Twin: the last one takes them in the others' order.
#include "pair.hpp"

#include <algorithm>
#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex forks[3];
  trial.threads(3, "philosopher", [&](ravel::worker& me) {
    const unsigned next = (me.index() + 1) % 3;
    const std::lock_guard lower(forks[std::min(me.index(), next)]);
    const std::lock_guard higher(forks[std::max(me.index(), next)]);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "circle", .half = explored::half::clean, .body = body});
