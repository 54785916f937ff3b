/* SPDX-License-Identifier: MIT */
/* Production code in C99 that carries Ravel's annotations and does not link Ravel: it builds without a warning,
   runs, and does nothing. Built a second time with RAVEL_DISABLE_ANNOTATIONS. See CMakeLists.txt. */
#include <ravel/annotate.h>

int main(void) {
  int lock = 0;
  RAVEL_ENTRY_ACQUIRED("sessions", 7);
  RAVEL_ENTRY_TOUCHED("sessions", 7, "handed to the retry queue");
  RAVEL_ENTRY_TRANSFERRED("sessions", 7, "retrier");
  RAVEL_ENTRY_RELEASED("sessions", 7);
  RAVEL_ENTRY_ACQUIRED_IN(&lock, "sessions", 7);
  RAVEL_ENTRY_TOUCHED_IN(&lock, "sessions", 7, "handed to the retry queue");
  RAVEL_ENTRY_TRANSFERRED_IN(&lock, "sessions", 7, "retrier");
  RAVEL_ENTRY_RELEASED_IN(&lock, "sessions", 7);
  RAVEL_LOCK_REQUESTED(&lock, "gate");
  RAVEL_LOCK_ACQUIRED(&lock, "gate");
  RAVEL_LOCK_RELEASED(&lock);
  RAVEL_LOCK_DESTROYED(&lock);
  return lock;
}
