// SPDX-License-Identifier: MIT
// Long but finite: the same steps and values again and again, with a counter that only a register holds.
#include <atomic>
#include <functional>
#include <thread>

static void look(const std::atomic<int>& flag) {
  for (int i = 0; i < 200'000; ++i)
    if (flag.load() != 0) break;
}

int main() {
  std::atomic<int> flag{0};
  std::thread one(look, std::cref(flag)), other(look, std::cref(flag));
  one.join();
  other.join();
}
