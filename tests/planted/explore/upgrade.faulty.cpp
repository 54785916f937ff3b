// SPDX-License-Identifier: MIT
// Planted: two readers wait for each other to leave, so that they may write.
#include "pair.hpp"

#include <condition_variable>
#include <mutex>

namespace {

class upgradable {
 public:
  void lock_shared() {
    const std::lock_guard guard(lock_);
    ++readers_;
  }
  // A reader becomes the writer when no other reader is left.
  void upgrade() {
    std::unique_lock guard(lock_);
    left_.wait(guard, [&] { return readers_ == 1; });
  }
  void unlock() {
    const std::lock_guard guard(lock_);
    --readers_;
    left_.notify_all();
  }

 private:
  std::mutex lock_;
  std::condition_variable left_;
  int readers_ = 0;
};

void body(ravel::trial& trial) {
  upgradable lock;
  int value = 0;
  trial.threads(2, "editor", [&](ravel::worker&) {
    lock.lock_shared();
    lock.upgrade();
    ++value;
    lock.unlock();
  });
  trial.run();
  trial.require_equal(value, 2, "no update is lost");
}

}  // namespace

RAVEL_EXPLORED({.bug = "upgrade",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::lost_wakeup, ravel::finding_kind::deadlock},
                .is_found_in_plain = true,
                .body = body});
