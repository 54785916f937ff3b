// SPDX-License-Identifier: MIT
// Ends with threads that ran to their end: one detached, one that goes on for ever, and one that is joined or not.
#include <pthread.h>
#include <unistd.h>

static void* nothing(void* argument) { return argument; }
static void* pause_for_ever(void* argument) {
  for (;;) pause();
  return argument;
}

int main(void) {
  pthread_t one, other, daemon;
  pthread_create(&one, 0, nothing, 0);
  pthread_create(&other, 0, nothing, 0);
  pthread_create(&daemon, 0, pause_for_ever, 0);
  pthread_detach(other);
#ifdef JOINED
  pthread_join(one, 0);
#else
  usleep(1000);
#endif
  return 0;
}
