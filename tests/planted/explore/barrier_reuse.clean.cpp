// SPDX-License-Identifier: MIT
// Twin: the barrier counts its rounds.
#include "pair.hpp"

#include <condition_variable>
#include <mutex>

namespace {

class barrier {
 public:
  void arrive_and_wait() {
    std::unique_lock guard(lock_);
    const int mine = generation_;
    if (++arrived_ == 2) {
      arrived_ = 0;
      ++generation_;
      all_here_.notify_all();
    } else {
      all_here_.wait(guard, [&] { return generation_ != mine; });
    }
  }

 private:
  std::mutex lock_;
  std::condition_variable all_here_;
  int arrived_ = 0;
  int generation_ = 0;
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

RAVEL_EXPLORED({.bug = "barrier_reuse", .half = explored::half::clean, .body = body});
