/* SPDX-License-Identifier: MIT */
/* Correct in a directory that is as it was: reads a file, refuses to overwrite another, removes a third. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void* write_result(void* nothing) {
  FILE* result = fopen("result.txt", "wx"); /* fails when it is there */
  if (result == NULL) exit(3);
  fputs("done\n", result);
  fclose(result);
  return nothing;
}

int main(void) {
  char line[64] = "";
  struct stat state;
  pthread_t thread;
  FILE* input = fopen("in/input.txt", "r");
  if (input == NULL || fgets(line, sizeof line, input) == NULL || strcmp(line, "input\n") != 0) return 4;
  fclose(input);
  if (stat("script.sh", &state) != 0 || (state.st_mode & 0100) == 0) return 5;
  if (readlink("link", line, sizeof line) != 12) return 6;
  if (unlink("once.txt") != 0) return 7;
  pthread_create(&thread, NULL, write_result, NULL);
  pthread_join(thread, NULL);
  return 0;
}
