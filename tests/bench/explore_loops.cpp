// SPDX-License-Identifier: MIT
// See explore_loops.hpp. LOOPS is the namespace to make.
#include "explore_loops.hpp"

#include <benchmark/benchmark.h>

#include <mutex>

namespace LOOPS {

void access(int* data, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; i += 2) {
    benchmark::DoNotOptimize(data[i & 1023]);
    data[(i + 1) & 1023] = static_cast<int>(i);
    benchmark::ClobberMemory();
  }
}

void count_under_lock(std::uint64_t executions) {
  for (std::uint64_t one = 0; one < executions; ++one) {
    std::mutex lock;
    int count = 0;
    benchmark::DoNotOptimize(&count);
    for (int i = 0; i < 20; ++i) {
      const std::lock_guard guard(lock);
      ++count;
      benchmark::ClobberMemory();
    }
  }
}

}  // namespace LOOPS
