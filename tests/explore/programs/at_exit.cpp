// SPDX-License-Identifier: MIT
// Correct: what is registered before main uses what main has set up. It writes a line to the file that TOLD names for
// each process in which it runs without main: there must be none.
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

int* volatile state;

void tell() {
  if (std::FILE* file = std::fopen(std::getenv("TOLD"), "a")) {
    std::fputs("ran without main\n", file);
    std::fclose(file);
  }
}

struct first {
  first() {
    std::atexit([] {
      if (state == nullptr) tell();
    });
  }
  ~first() {
    if (state == nullptr) tell();
  }
} registered;

}  // namespace

int main() {
  static int made;
  state = &made;
  std::thread([] {}).join();
}
