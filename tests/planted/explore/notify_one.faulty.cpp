// SPDX-License-Identifier: MIT
// Planted: two wait for the gate to open, and one only is told.
#include "pair.hpp"

#include <condition_variable>
#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex lock;
  std::condition_variable opened;
  bool is_open = false;
  trial.threads(2, "visitor", [&](ravel::worker&) {
    std::unique_lock guard(lock);
    opened.wait(guard, [&] { return is_open; });
  });
  trial.thread("porter", [&](ravel::worker&) {
    const std::lock_guard guard(lock);
    is_open = true;
    opened.notify_one();
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "notify_one",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::lost_wakeup, ravel::finding_kind::deadlock},
                .is_found_in_plain = true,
                .body = body});
