// SPDX-License-Identifier: MIT
// Planted: three threads take three mutexes in a circle; the deadlock itself must be shown.
#include "pair.hpp"

#include <algorithm>
#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex forks[3];
  trial.threads(3, "philosopher", [&](ravel::worker& me) {
    const std::lock_guard left(forks[me.index()]);
    const std::lock_guard right(forks[(me.index() + 1) % 3]);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "circle",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::deadlock},
                .is_found_in_plain = true,
                .body = body});
