// SPDX-License-Identifier: MIT
// Means something else, or nothing, in C++20.
#include <cstdio>
#include <thread>

static_assert(__cplusplus == 201103L, "its own standard");
static const char* greeting = u8"gr\u00fc\u00df";

int main() {
  std::thread([] {}).join();
  return std::puts(greeting) < 0;
}
