// SPDX-License-Identifier: MIT
// Cancellation under control: a request that the thread sees at its next cancellation point, or that ends its wait in
// one, or, where it has asked for that, at any point; it then ends as by pthread_exit(PTHREAD_CANCELED), whose
// unwinding runs clean-up handlers and destructors. Thread safety: the thread in control. Cost: a branch. Source:
// POSIX.1-2017, 2.9.5 "Thread Cancellation".
#pragma once

#include "control.hpp"

namespace ravel::detail {

// In a thread that has come to a point of its own: leaves Ravel's frames, and unwinds the target's from there. Returns
// when they are not found.
void end_at_point(controlled_thread& self) noexcept;
// Unwinds the caller.
[[noreturn]] void end_cancelled(controlled_thread& self);

// A call that is a cancellation point: when it begins, and where its wait ended for that.
class cancellation_point {
 public:
  explicit cancellation_point(controlled_thread& self) : cancellation_point(&self) {}
  // nullptr: it is none, e.g. because the call does not wait.
  explicit cancellation_point(controlled_thread* self) : self_(self) {
    if (self_ == nullptr) return;
    self_->interrupted = interruption::none;
    if (self_->is_to_end()) [[unlikely]]
      end_cancelled(*self_);
    was_in_one_ = self_->is_in_cancellation_point;  // a handler that runs in the wait of another call
    self_->is_in_cancellation_point = true;
  }
  ~cancellation_point() noexcept(false) {
    if (self_ == nullptr) return;
    self_->is_in_cancellation_point = was_in_one_;
    if (self_->interrupted == interruption::fails && self_->is_to_end()) [[unlikely]]
      end_cancelled(*self_);
  }
  cancellation_point(const cancellation_point&) = delete;
  cancellation_point& operator=(const cancellation_point&) = delete;

 private:
  controlled_thread* self_;
  bool was_in_one_ = false;
};

}  // namespace ravel::detail
