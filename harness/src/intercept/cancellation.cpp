// SPDX-License-Identifier: MIT
// See cancellation.hpp. The real request is never made: what it interrupts is the kernel thread's own waits.
#include "cancellation.hpp"

#include "next.hpp"
#include "signal_model.hpp"
#include "uncontrolled.hpp"

#include "engine/frame_jump.hpp"

#include <pthread.h>

#include <cerrno>

RAVEL_NEXT(int, pthread_cancel, (pthread_t thread), (thread))
RAVEL_NEXT(void, pthread_testcancel, (), ())
RAVEL_NEXT(int, pthread_setcancelstate, (int state, int* old), (state, old))
RAVEL_NEXT(int, pthread_setcanceltype, (int type, int* old), (type, old))

namespace ravel::detail {

void end_cancelled(controlled_thread& self) {
  self.is_cancelled = false;
  self.is_never_cancelled = true;
  pthread_exit(PTHREAD_CANCELED);
}

namespace {

void end_this() { end_cancelled(*in_control()); }

}  // namespace

void end_at_point(controlled_thread& self) noexcept { call_from_frame(self.pending.pc, end_this); }

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(int, pthread_cancel, (pthread_t thread)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_pthread_cancel(thread);
  controlled_thread* to = thread_of(thread);
  if (to == nullptr) {
    tell_uncontrolled("pthread_cancel", "the thread is not under control", RAVEL_CALLER);
    return next_pthread_cancel(thread);
  }
  the_execution().point(*self, event_on(operation::send_signal, to, RAVEL_CALLER));
  if (to->state == standing::done || to->is_cancelled) return 0;
  to->is_cancelled = true;
  if (to != self)
    the_execution().interrupt(*to);
  else if (self->is_to_end() && self->is_cancelled_anywhere)
    end_cancelled(*self);
  return 0;
}
RAVEL_INTERCEPT(void, pthread_testcancel, ()) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_pthread_testcancel();
  the_execution().point(*self, event_on(operation::await_signal, self, RAVEL_CALLER));
  const cancellation_point here(*self);
}
RAVEL_INTERCEPT(int, pthread_setcancelstate, (int state, int* old)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_pthread_setcancelstate(state, old);
  if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE) return EINVAL;
  if (old != nullptr) *old = self->is_never_cancelled ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
  self->is_never_cancelled = state == PTHREAD_CANCEL_DISABLE;
  if (self->is_to_end() && self->is_cancelled_anywhere) end_cancelled(*self);
  return 0;
}
RAVEL_INTERCEPT(int, pthread_setcanceltype, (int type, int* old)) {
  controlled_thread* self = in_control();
  if (self == nullptr) return next_pthread_setcanceltype(type, old);
  if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS) return EINVAL;
  if (old != nullptr) *old = self->is_cancelled_anywhere ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
  self->is_cancelled_anywhere = type == PTHREAD_CANCEL_ASYNCHRONOUS;
  if (self->is_to_end() && self->is_cancelled_anywhere) end_cancelled(*self);
  return 0;
}
