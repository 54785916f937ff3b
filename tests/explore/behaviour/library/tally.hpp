// SPDX-License-Identifier: MIT
// A target that is a shared library: accesses, locks, a thread-local, a static and a thread within it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

class tally {
 public:
  // Under the lock.
  void add(int amount);
  // Waits until so much was added.
  void wait_for(int total);
  // Adds in a thread of the library's own, and waits for it.
  void add_elsewhere(int amount);
  [[nodiscard]] int total();

  // Wrong: each reads and writes without a lock.
  void add_unlocked(int amount);
  void add_in_two_steps(int amount);
  [[nodiscard]] int unlocked() const { return unlocked_; }
  [[nodiscard]] int in_two_steps() const { return in_two_steps_.load(); }

  // How often the calling thread has called add.
  [[nodiscard]] static int own_calls();
  // Made at the first call of all threads: a contended static.
  [[nodiscard]] static int times_made();

 private:
  std::mutex lock_;
  std::condition_variable changed_;
  int total_ = 0;
  int unlocked_ = 0;
  std::atomic<int> in_two_steps_{0};
};
