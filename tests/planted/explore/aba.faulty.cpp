// SPDX-License-Identifier: MIT
// Planted: ABA. A pop compares the top only, and the same block may have left and come back meanwhile.
#include "pair.hpp"

#include <atomic>
#include <cstdint>

namespace {

// A lock-free stack of indices. A popped index can be back on top before a slower pop has compared it.
struct stack {
  static constexpr unsigned none = 99;
  std::atomic<unsigned> top{0};
  std::atomic<unsigned> below[3] = {1, 2, none};

  unsigned pop() {
    unsigned seen = top;
    while (seen != none && !top.compare_exchange_strong(seen, below[seen])) {
    }
    return seen;
  }
  void push(unsigned one) {
    unsigned seen = top;
    do below[one] = seen;
    while (!top.compare_exchange_strong(seen, one));
  }
};

void body(ravel::trial& trial) {
  stack free_blocks;
  std::atomic<int> holders[3] = {};
  const auto take = [&](ravel::worker& me) {
    const unsigned block = free_blocks.pop();
    if (block != stack::none) me.require_equal(holders[block].fetch_add(1), 0, "a block has one holder");
    return block;
  };
  trial.threads(2, "user", [&](ravel::worker& me) {
    const unsigned first = take(me);
    take(me);
    if (first == stack::none) return;
    holders[first].fetch_sub(1);
    free_blocks.push(first);
    take(me);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED(
    {.bug = "aba", .half = explored::half::faulty, .kinds = {ravel::finding_kind::requirement}, .body = body});
