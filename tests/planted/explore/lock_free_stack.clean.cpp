// SPDX-License-Identifier: MIT
// Twin: Treiber's stack, whose nodes are used once. Its calls are recorded once, for both checks.
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
    node& fresh = nodes_[used_.fetch_add(1)];
    fresh.value = value;
    fresh.next = top_.load();
    while (!top_.compare_exchange_strong(fresh.next, &fresh)) {
    }
  }
  std::optional<int> pop() {
    node* top = top_.load();
    while (top != nullptr && !top_.compare_exchange_strong(top, top->next)) {
    }
    return top == nullptr ? std::optional<int>() : top->value;
  }

 private:
  struct node {
    int value;
    node* next;
  };
  std::array<node, 16> nodes_ = {};
  std::atomic<unsigned> used_{0};
  std::atomic<node*> top_{nullptr};
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

RAVEL_EXPLORED({.bug = "lock_free_stack", .half = explored::half::clean, .not_run_in = {"plain"}, .body = body});
