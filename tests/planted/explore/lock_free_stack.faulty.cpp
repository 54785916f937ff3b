// SPDX-License-Identifier: MIT
// Planted: a stack without a mutex, but with a spin lock inside: who is stopped in it stops all.
#include "pair.hpp"

#include <ravel/checks/linearizable.hpp>
#include <ravel/checks/progress.hpp>

#include <array>
#include <atomic>
#include <optional>

namespace {

class stack {
 public:
  void push(int value) {
    lock();
    values_[size_++] = value;
    unlock();
  }
  std::optional<int> pop() {
    std::optional<int> top;
    lock();
    if (size_ != 0) top = values_[--size_];
    unlock();
    return top;
  }

 private:
  void lock() {
    while (is_locked_.exchange(true)) {
    }
  }
  void unlock() { is_locked_.store(false); }

  std::array<int, 16> values_ = {};
  unsigned size_ = 0;
  std::atomic<bool> is_locked_{false};
};

void body(ravel::trial& trial) {
  stack subject;
  ravel::checks::linearizable history{trial, subject, [] { return stack{}; }};
  ravel::checks::progress claims{trial, {.within = 50, .samples = 10}};
  claims.lock_free("push", "pop");
  trial.threads(3, "client", [&](ravel::worker& me) {
    history("push", &stack::push, static_cast<int>(me.index()));
    history("pop", &stack::pop);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "lock_free_stack",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::no_progress},
                .not_run_in = {"plain"},
                .body = body});
