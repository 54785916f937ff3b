// SPDX-License-Identifier: MIT
// Planted: two threads take two mutexes in opposite orders. The deadlock itself must be shown, not the order only.
#include "pair.hpp"

#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex a, b;
  trial.thread("there", [&](ravel::worker&) {
    const std::lock_guard outer(a);
    const std::lock_guard inner(b);
  });
  trial.thread("back", [&](ravel::worker&) {
    const std::lock_guard outer(b);
    const std::lock_guard inner(a);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "ab_ba",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::deadlock},
                .is_found_in_plain = true,
                .body = body});
