// SPDX-License-Identifier: MIT
// Planted: producers and consumers wait on the same condition, and a wake-up can go to one who has no use for it.
#include "pair.hpp"

#include <condition_variable>
#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex lock;
  std::condition_variable changed;
  int items = 0;
  trial.threads(2, "producer", [&](ravel::worker&) {
    std::unique_lock guard(lock);
    changed.wait(guard, [&] { return items < 1; });
    ++items;
    changed.notify_one();
  });
  trial.threads(2, "consumer", [&](ravel::worker&) {
    std::unique_lock guard(lock);
    changed.wait(guard, [&] { return items > 0; });
    --items;
    changed.notify_one();
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "bounded_buffer",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::lost_wakeup, ravel::finding_kind::deadlock},
                .is_found_in_plain = true,
                .body = body});
