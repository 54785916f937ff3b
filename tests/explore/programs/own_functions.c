// SPDX-License-Identifier: MIT
// Has a function of its own with a name that libc, and Ravel, have, too.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;

void send(int number) {
  pthread_mutex_lock(&lock);
  sum += number;
  pthread_mutex_unlock(&lock);
}

static void* work(void* nothing) {
  send(1);
  return nothing;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, work, 0);
  send(2);
  pthread_join(thread, 0);
  return sum == 3 ? 0 : 1;
}
