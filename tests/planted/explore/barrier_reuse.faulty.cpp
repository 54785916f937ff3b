// SPDX-License-Identifier: MIT
// Planted: a barrier whose count is back at work before those of the last round have left it.
#include "pair.hpp"

#include <condition_variable>
#include <mutex>

namespace {

class barrier {
 public:
  void arrive_and_wait() {
    std::unique_lock guard(lock_);
    if (++arrived_ == 2) {
      arrived_ = 0;
      all_here_.notify_all();
    } else {
      all_here_.wait(guard, [&] { return arrived_ == 0; });
    }
  }

 private:
  std::mutex lock_;
  std::condition_variable all_here_;
  int arrived_ = 0;
};

void body(ravel::trial& trial) {
  barrier both;
  trial.threads(2, "member", [&](ravel::worker&) {
    both.arrive_and_wait();
    both.arrive_and_wait();
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "barrier_reuse",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::lost_wakeup, ravel::finding_kind::deadlock},
                .is_found_in_plain = true,
                .body = body});
