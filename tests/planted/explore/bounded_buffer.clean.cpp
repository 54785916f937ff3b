// SPDX-License-Identifier: MIT
// Twin: a condition for each kind.
#include "pair.hpp"

#include <condition_variable>
#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex lock;
  std::condition_variable emptied, filled;
  int items = 0;
  trial.threads(2, "producer", [&](ravel::worker&) {
    std::unique_lock guard(lock);
    emptied.wait(guard, [&] { return items < 1; });
    ++items;
    filled.notify_one();
  });
  trial.threads(2, "consumer", [&](ravel::worker&) {
    std::unique_lock guard(lock);
    filled.wait(guard, [&] { return items > 0; });
    --items;
    emptied.notify_one();
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "bounded_buffer", .half = explored::half::clean, .body = body});
