// SPDX-License-Identifier: MIT
// The part of execution.hpp that lets somebody look at the target's state at every point. A body that asks for nothing
// of the kind pays nothing: that each point is looked at is one question with that for a listener. And calls that the
// body could do without.
#include "execution.hpp"

#include "left_out_calls.hpp"

namespace ravel::detail {

void execution::watch(point_watcher* watcher) noexcept {
  watcher_ = watcher;
  looks_at_each_ = is_each_looked_at();
  if (watcher != nullptr) look_at_each();
}

bool execution::is_each_looked_at() const noexcept {
  return listener_ != nullptr || watcher_ != nullptr || judging_ != judging::no || claims_.armed != 0;
}

// Each of the points that were granted already is looked at now; the strategy is asked no sooner for that.
void execution::look_at_each() noexcept {
  looks_at_each_ = true;
  if (control.points_left <= 1) return;
  unasked_ += static_cast<std::uint64_t>(control.points_left - 1);
  granted_ -= control.points_left - 1;
  control.points_left = 1;
}

void execution::tell_watcher(controlled_thread& self) noexcept {
  const event last = self.watched;
  self.watched = self.pending;
  watcher_->at_point(self, last);
}

std::uint64_t execution::operation_begins(const char* name) noexcept {
  controlled_thread& self = *control.running;
  ++operations_;
  has_operations_ = true;
  if (strategy_->operation_begins(self)) ask_at_next_point();
  if (self.call.execution != begun_) {
    self.call.execution = begun_;
    self.call.depth = 0;
  }
  if (self.call.depth++ != 0) return begun_;
  self.call.name = name;
  self.call.until_try = 0;
  self.call.steps = 0;
  if (claims_.judge != nullptr) draw_claim(self);
  return begun_;
}

// A thread that an earlier execution left behind in the middle of one is none of this execution's.
void execution::operation_ends(std::uint64_t in_execution) noexcept {
  controlled_thread* const self = in_control();
  if (in_execution != begun_ || self == nullptr || operations_ == 0) return;
  if (self->call.execution == begun_ && self->call.depth != 0 && --self->call.depth == 0) end_call(*self);
  if (--operations_ == 0 && watcher_ != nullptr) watcher_->operations_ended(*self);
}

bool execution::leaves_out_next_call(controlled_thread& self, bool is_free) noexcept {
  ++self.optional_calls;
  if (left_out_ != nullptr && left_out_->has(self.path, self.optional_calls)) return true;
  if (listener_ != nullptr) listener_->optional_call(self, is_free);
  return false;
}

}  // namespace ravel::detail
