/* SPDX-License-Identifier: MIT */
/* A table of sessions that says what it acquires and releases. */
#include <ravel/annotate.h>

static int table[8];

int open_session(int key) {
  if (table[key] != 0) return -1;
  table[key] = 1;
  RAVEL_ENTRY_ACQUIRED("sessions", key);
  RAVEL_ENTRY_ACQUIRED_IN(table, "owned sessions", key);
  return key;
}

void close_session(int key) {
  RAVEL_ENTRY_RELEASED_IN(table, "owned sessions", key);
  RAVEL_ENTRY_RELEASED("sessions", key);
  RAVEL_POINT();
  table[key] = 0;
}
