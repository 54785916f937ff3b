// SPDX-License-Identifier: MIT
// The reader hopes that half a millisecond is enough for the writer, which a machine may hold up for longer.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int is_ready;

static void* write_it(void* nothing) {
  pthread_mutex_lock(&lock);
  is_ready = 1;
  pthread_mutex_unlock(&lock);
  return nothing;
}

static void* read_it(void* nothing) {
  usleep(500);
  pthread_mutex_lock(&lock);
  if (!is_ready) abort();
  pthread_mutex_unlock(&lock);
  return nothing;
}

int main(void) {
  pthread_t writer, reader;
  pthread_create(&writer, 0, write_it, 0);
  pthread_create(&reader, 0, read_it, 0);
  pthread_join(writer, 0);
  pthread_join(reader, 0);
  return 0;
}
