// SPDX-License-Identifier: MIT
// Correct: it wants two lines of input, "one" and "two"; with "nothing" as an argument, none.
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static void* nothing(void* unused) { return unused; }

int main(int count, char** arguments) {
  char line[64];
  pthread_t thread;
  pthread_create(&thread, 0, nothing, 0);
  pthread_join(thread, 0);
  if (count > 1 && strcmp(arguments[1], "nothing") == 0) return fgets(line, sizeof line, stdin) == 0 ? 0 : 8;
  if (!fgets(line, sizeof line, stdin) || strcmp(line, "one\n") != 0) return 7;
  return fgets(line, sizeof line, stdin) && strcmp(line, "two\n") == 0 ? 0 : 9;
}
