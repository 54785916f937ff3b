// SPDX-License-Identifier: MIT
// Twin: it looks again.
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
    while (items == 0) filled.wait(guard);
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

RAVEL_EXPLORED({.bug = "missing_recheck", .half = explored::half::clean, .body = body});
