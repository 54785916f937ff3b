// SPDX-License-Identifier: MIT
#include "tally.hpp"

#include <thread>

namespace {

thread_local int calls = 0;
int constructions = 0;

struct made_once {
  made_once() {
    std::this_thread::yield();
    ++constructions;
  }
};

[[gnu::noinline]] int read_it(const std::atomic<int>& from) { return from.load(std::memory_order_relaxed); }
[[gnu::noinline]] void write_it(std::atomic<int>& to, int value) { to.store(value, std::memory_order_relaxed); }

}  // namespace

void tally::add(int amount) {
  ++calls;
  {
    std::lock_guard hold(lock_);
    total_ += amount;
  }
  changed_.notify_all();
}

void tally::wait_for(int total) {
  std::unique_lock hold(lock_);
  changed_.wait(hold, [&] { return total_ >= total; });
}

void tally::add_elsewhere(int amount) {
  std::thread([&] { add(amount); }).join();
}

int tally::total() {
  std::lock_guard hold(lock_);
  return total_;
}

void tally::add_unlocked(int amount) { unlocked_ += amount; }

void tally::add_in_two_steps(int amount) { write_it(in_two_steps_, read_it(in_two_steps_) + amount); }

int tally::own_calls() { return calls; }

int tally::times_made() {
  static made_once one;
  return constructions;
}
