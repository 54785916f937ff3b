// SPDX-License-Identifier: MIT
// A body with a bug that some schedules show.
#pragma once

#include <ravel/trial.hpp>

#include <mutex>

// Read and write of an increment each under the lock, but not together.
inline void lose_update(ravel::trial& trial, bool counts) {
  std::mutex lock;
  int shared = 0;
  trial.threads(2, "adder", [&](ravel::worker&) {
    lock.lock();
    const int seen = shared;
    lock.unlock();
    lock.lock();
    shared = seen + 1;
    lock.unlock();
  });
  trial.run();
  if (counts) trial.require_equal(shared, 2, "no update is lost");
}
