// SPDX-License-Identifier: MIT
// The part of execution.hpp that notices who waits without being blocked, by looking again and again, and lets the
// others go first: who did nothing but read for a while, with what it notes in variables of its own among that, or did
// nothing but use a few objects for long. A false alarm costs a switch; a missed one, a livelock that is none.
// Cost: some ns at each event that is looked at. What every look does is in spinning.hpp.
#include "spinning.hpp"

#include <algorithm>

namespace ravel::detail {

bool execution::seems_to_spin(controlled_thread& self) noexcept {
  if (repeats_) {
    if (timed_ != 0 && strategy_->lets_time_pass(passed_)) expire_earliest();
    return false;
  }
  if (self.reads_in_row < watch_length) {
    // A test-and-set lock is waited for by writing: who does nothing else for long lets the others go first, once.
    const std::uint64_t points = self.few_points + passed_ - self.few_since;
    if (points < most_on_few_) return false;
    if (ready_count_ < 2) {
      if (timed_ == 0 || points < all_on_few_objects) return false;
      self.few_points = 0;
      self.few_since = passed_;
      let_time_pass(self);
      return false;
    }
    self.few_points = 0;
    self.few_since = passed_;
    most_on_few_ = std::max(most_on_few_ / 2, longest_grant);
    return true;
  }
  self.reads_in_row = 0;
  self.spun_at = writes_;
  if (timed_ != 0) let_time_pass(self);
  return true;
}

void execution::go_on_watching() noexcept {
  if (repeats_) {
    watches_left_ = 0;
  } else if (watches_left_ == 0) {
    watches_left_ = longest_watch;
    watch_stamp_ = writes_;
  } else if (watch_stamp_ != writes_) {
    watches_left_ = 0;
  } else {
    --watches_left_;
  }
}

}  // namespace ravel::detail
