// SPDX-License-Identifier: MIT
// Planted: after the wake-up nobody looks again whether another consumer took the item meanwhile.
#include "pair.hpp"

#include <condition_variable>
#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex lock;
  std::condition_variable filled;
  int items = 0;
  trial.threads(2, "consumer", [&](ravel::worker& me) {
    std::unique_lock guard(lock);
    if (items == 0) filled.wait(guard);
    me.require(items > 0, "there is something to take");
    --items;
  });
  trial.threads(2, "producer", [&](ravel::worker&) {
    const std::lock_guard guard(lock);
    ++items;
    filled.notify_one();
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "missing_recheck",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::requirement},
                .is_found_in_plain = true,
                .body = body});
