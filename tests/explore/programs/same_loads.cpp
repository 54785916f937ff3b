// SPDX-License-Identifier: MIT
// Long but finite: the same steps and values again and again, with a counter that only a register holds.
#include <atomic>
#include <thread>

static std::atomic<int> flag{0};

static void look() {
  for (int i = 0; i < 200'000; ++i)
    if (flag.load() != 0) break;
}

int main() {
  std::thread one(look), other(look);
  one.join();
  other.join();
}
