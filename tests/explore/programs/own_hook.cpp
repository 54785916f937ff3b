// SPDX-License-Identifier: MIT
// Hears of its own race by ThreadSanitizer's hook, and ends with 7.
#include <thread>

int shared = 0;  // seen from elsewhere: the compiler must keep the stores
bool is_heard = false;

extern "C" void __tsan_on_report(void*) { is_heard = true; }

int main() {
  std::thread other([] { shared = 1; });
  shared = 2;
  other.join();
  return is_heard ? 7 : 0;
}
