/* SPDX-License-Identifier: MIT */
/* Ends with the status it is told: the lanes hand arguments on, and a status other than 0 is a finding. */
#include <pthread.h>
#include <stdlib.h>

static void* nothing(void* unused) { return unused; }

int main(int count, char** arguments) {
  pthread_t thread;
  pthread_create(&thread, 0, nothing, 0);
  pthread_join(thread, 0);
  return count == 2 ? atoi(arguments[1]) : 9;
}
