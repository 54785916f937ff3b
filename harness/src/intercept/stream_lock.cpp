// SPDX-License-Identifier: MIT
// flockfile and its relatives: see stream_turn.hpp. TSan does not know them: it is told of their edges.
// Thread safety: any thread. Cost while no execution is in flight: a branch.
#include "stream_turn.hpp"

#include "next.hpp"

#include <ravel/observer.hpp>

RAVEL_NEXT(void, flockfile, (FILE * stream), (stream))
RAVEL_NEXT(int, ftrylockfile, (FILE * stream), (stream))
RAVEL_NEXT(void, funlockfile, (FILE * stream), (stream))

using namespace ravel;
using namespace ravel::detail;

RAVEL_INTERCEPT(void, flockfile, (FILE * stream)) {
  if (controlled_thread* self = in_control()) {
    turn of_self(*self, event_on(operation::lock, stream, RAVEL_CALLER));
    of_self.keep();
  } else {
    next_flockfile(stream);
  }
  tool_acquire(stream);
}
RAVEL_INTERCEPT(int, ftrylockfile, (FILE * stream)) {
  controlled_thread* self = in_control();
  int error = 0;
  if (self == nullptr) {
    error = next_ftrylockfile(stream);
  } else {
    sync_object& object = the_execution().object(stream);
    if (object.owner == self)
      ++object.depth;
    else
      error = the_execution().try_take(*self, event_on(operation::try_lock, stream, RAVEL_CALLER), object) ? 0 : -1;
  }
  if (error == 0) tool_acquire(stream);
  return error;
}
RAVEL_INTERCEPT(void, funlockfile, (FILE * stream)) {
  tool_release(stream);
  if (controlled_thread* self = in_control()) {
    sync_object& object = the_execution().object(stream);
    if (object.owner == self) {
      the_execution().give_up(*self, object);
      the_execution().point(*self, event_on(operation::unlock, stream, RAVEL_CALLER));
      return;
    }
  }
  next_funlockfile(stream);
}
