// SPDX-License-Identifier: MIT
// A thread holds a lock and waits for a count to fall, by taking a reference and giving it back, as weak_ptr::lock()
// does: so it writes all the time. Who would let the count fall waits for that lock.
#include "pair.hpp"

#include <atomic>
#include <mutex>
#include <thread>

namespace {

void body(ravel::trial& trial) {
  std::mutex lock;
  std::atomic<int> users{1};
  trial.thread("poller", [&](ravel::worker&) {
    const std::lock_guard guard(lock);
    for (;;) {
      const int others = users.fetch_add(1);
      users.fetch_sub(1);
      if (others == 0) break;
      std::this_thread::yield();
    }
  });
  trial.thread("user", [&](ravel::worker&) {
    {
      const std::lock_guard guard(lock);
    }
    users.fetch_sub(1);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "spin_that_writes",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::livelock},
                .is_found_in_plain = true,
                .body = body});
