// SPDX-License-Identifier: MIT
// Synchronisation that ThreadSanitizer has to be told of: bodies that are correct by the standard, which must stay
// clean, and their neighbours, which are not and must show a race. Each runs stressed and explored, over seeds.
#pragma once

#include <ravel/run_test.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace told {

enum class is : std::uint8_t { correct, racy };

struct entry {
  std::string name;
  told::is is{};
  ravel::body body;
  ~entry();
};

bool add(entry&& one);
[[nodiscard]] std::vector<entry>& entries();

// Waits by relaxed loads, which order nothing.
inline void wait_for(const std::atomic<int>& word, int value) {
  while (word.load(std::memory_order_relaxed) != value) std::this_thread::yield();
}

}  // namespace told

#define RAVEL_TOLD_JOIN2(a, b) a##b
#define RAVEL_TOLD_JOIN(a, b) RAVEL_TOLD_JOIN2(a, b)
// RAVEL_TOLD("a fence for another object", racy, [](ravel::trial& trial) { ... });
#define RAVEL_TOLD(name, kind, ...) \
  [[maybe_unused]] static const bool RAVEL_TOLD_JOIN(told_, __LINE__) = told::add({name, told::is::kind, __VA_ARGS__})
