// SPDX-License-Identifier: MIT
// Twin: the second one steps back.
#include "pair.hpp"

#include <condition_variable>
#include <mutex>

namespace {

class upgradable {
 public:
  void lock_shared() {
    std::unique_lock guard(lock_);
    left_.wait(guard, [&] { return !is_upgrading_; });
    ++readers_;
  }
  // A reader becomes the writer when no other reader is left; false when another one is at it: step back then.
  bool upgrade() {
    std::unique_lock guard(lock_);
    if (is_upgrading_) return false;
    is_upgrading_ = true;
    left_.wait(guard, [&] { return readers_ == 1; });
    is_upgrading_ = false;
    return true;
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
  bool is_upgrading_ = false;
};

void body(ravel::trial& trial) {
  upgradable lock;
  int value = 0;
  trial.threads(2, "editor", [&](ravel::worker&) {
    for (bool is_done = false; !is_done;) {
      lock.lock_shared();
      is_done = lock.upgrade();
      if (is_done) ++value;
      lock.unlock();
    }
  });
  trial.run();
  trial.require_equal(value, 2, "no update is lost");
}

}  // namespace

RAVEL_EXPLORED({.bug = "upgrade", .half = explored::half::clean, .body = body});
