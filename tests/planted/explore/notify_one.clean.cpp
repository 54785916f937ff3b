// SPDX-License-Identifier: MIT
// Twin: both are told.
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
    opened.notify_all();
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "notify_one", .half = explored::half::clean, .body = body});
