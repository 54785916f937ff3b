// SPDX-License-Identifier: MIT
// Small things that the planted lock pairs share: locks of static storage, and ways to take them. Everything is
// in an unnamed namespace, because all pairs are linked into one executable.
#pragma once

#include "../planted.hpp"

#include <atomic>
#include <mutex>
#include <thread>

namespace {

using guard = std::lock_guard<std::mutex>;

// Opposite orders that never overlap in time here: reported as possible, not waited for. The two threads take
// turns by a plain atomic, which orders them for no check of lock orders.
class turns {
 public:
  void start() { turn_.store(0); }
  template <class Act>
  void take(int number, Act act) {
    while (turn_.load(std::memory_order_acquire) != number) std::this_thread::yield();
    act();
    turn_.store(number + 1, std::memory_order_release);
  }

 private:
  std::atomic<int> turn_{0};
};

// Both get here, or nobody goes on.
class meeting {
 public:
  void arrive(int of) {
    arrived_.fetch_add(1);
    await(of);
  }
  void await(int of) {
    while (arrived_.load() < of) std::this_thread::yield();
  }

 private:
  std::atomic<int> arrived_{0};
};

}  // namespace
