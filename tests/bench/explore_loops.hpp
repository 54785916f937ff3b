// SPDX-License-Identifier: MIT
// What the explore benchmarks compare with: the same loops, compiled without any instrumentation and, as a shared
// library that the linker's wraps do not reach, for TSan alone.
#pragma once

#include <cstdint>

namespace uninstrumented {
void access(int* data, std::uint64_t count);      // reads and writes in turn, over 1024 ints
void count_under_lock(std::uint64_t executions);  // twice ten times: lock, increment, unlock
}  // namespace uninstrumented

namespace tsan_alone {
void access(int* data, std::uint64_t count);
void count_under_lock(std::uint64_t executions);
}  // namespace tsan_alone
