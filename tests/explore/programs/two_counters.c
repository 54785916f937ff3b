/* SPDX-License-Identifier: MIT */
/* Two counters that must move together. Built with WRONG_LOCK the reader looks at them under another lock: an assertion
   fails in some schedules, and it is a race in all. With none it is right. */
#undef NDEBUG
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
#if defined(WRONG_LOCK)
static pthread_mutex_t wrong = PTHREAD_MUTEX_INITIALIZER;
#define READERS_LOCK wrong
#else
#define READERS_LOCK right
#endif
static int x, y;

static void* write_both(void* unused) {
  (void)unused;
  for (int i = 0; i < 3; ++i) {
    pthread_mutex_lock(&right);
    ++x;
    ++y;
    pthread_mutex_unlock(&right);
  }
  return 0;
}

static void* read_both(void* unused) {
  (void)unused;
  pthread_mutex_lock(&READERS_LOCK);
  const int seen_x = x;
  const int seen_y = y;
  pthread_mutex_unlock(&READERS_LOCK);
  assert(seen_x == seen_y);
  return 0;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], 0, write_both, 0);
  pthread_create(&threads[1], 0, read_both, 0);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  return 0;
}
