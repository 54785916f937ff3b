// SPDX-License-Identifier: MIT
// Faulty: updates are lost, after more points than an execution has by default.
#include <pthread.h>
#include <stdlib.h>

static int* cells;
static volatile int sum;

static void* fill(void* unused) {
  for (int i = 0; i < 60000; i++) cells[i] = i;
  for (int i = 0; i < 1000; i++) {
    int seen = sum;
    sum = seen + 1;
  }
  return unused;
}

int main(void) {
  cells = malloc(60000 * sizeof *cells);
  pthread_t one, other;
  pthread_create(&one, 0, fill, 0);
  pthread_create(&other, 0, fill, 0);
  pthread_join(one, 0);
  pthread_join(other, 0);
  free(cells);
  return sum == 2000 ? 0 : 3;
}
