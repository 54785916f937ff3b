// SPDX-License-Identifier: MIT
// The part of execution.hpp that notices who waits without being blocked, by looking again and again, and lets the
// others go first: who did nothing but read for a while, with what it notes in variables of its own among that, or did
// nothing but use a few objects for long. A false alarm costs a switch; a missed one, a livelock that is none.
// Cost: some ns at each event that is looked at.
#include "execution.hpp"

#include <algorithm>

namespace ravel::detail {

namespace {

// What a thread keeps for itself, such as the time that a sleep is told, or what a failed exchange saw, is no progress.
bool is_on_own_stack(const controlled_thread& thread) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(thread.pending.object);
  return thread.record != nullptr && address >= thread.record->stack_low && address < thread.record->stack_high;
}

}  // namespace

void execution::note_object(controlled_thread& self, const void* object) noexcept {
  for (std::uint32_t i = 0; i < self.few_count; ++i)
    if (self.few[i] == object) return;
  if (self.few_count == controlled_thread::most_few) self.few_count = self.looks = 0;
  if (self.few_count == 0) {
    self.few_points = 0;
    self.few_since = passed_;
  }
  self.few[self.few_count++] = object;
}

void execution::note_progress(controlled_thread& self) noexcept {
  const operation what = self.pending.what;
  const bool is_own = is_on_own_stack(self);
  if (!is_read_only(what) && !(is_own && what == operation::write)) {
    ++writes_;
    if (!is_own) {
      last_write_ = passed_;
      self.looks = 0;
    }
    self.reads_in_row = 0;
    self.keeps_notes = false;
    self.write_stamp = writes_;
    return;
  }
  if (self.write_stamp != writes_) {
    if (last_write_ != self.looked_after) ++self.looks;
    self.looked_after = last_write_;
    self.write_stamp = writes_;
    self.reads_in_row = 0;
    self.keeps_notes = false;
  }
  // A variable of its own tells it of others only if it is left to them.
  if (what == operation::write) self.keeps_notes = true;
  if (!is_own || !self.keeps_notes || (what != operation::read && what != operation::write)) ++self.reads_in_row;
}

bool execution::is_spinning(controlled_thread& self) noexcept {
  if (repeats_) {
    if (timed_ != 0 && strategy_->lets_time_pass(passed_)) expire_earliest();
    return false;
  }
  if (self.reads_in_row < watch_length) {
    // A test-and-set lock is waited for by writing: who does nothing else for long lets the others go first, once.
    if (self.few_points + passed_ - self.few_since < most_on_few_ || ready_count_ < 2) return false;
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
