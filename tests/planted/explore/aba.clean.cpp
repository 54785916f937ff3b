// SPDX-License-Identifier: MIT
// Twin: a count beside the index tells the two apart.
#include "pair.hpp"

#include <atomic>
#include <cstdint>

namespace {

// A lock-free stack of indices. The top carries a count, so that an index that comes back is told from the first.
struct stack {
  static constexpr unsigned none = 99;
  std::atomic<std::uint64_t> top{0};  // count << 32 | index
  std::atomic<unsigned> below[3] = {1, 2, none};

  static unsigned index_of(std::uint64_t word) { return static_cast<unsigned>(word); }
  static std::uint64_t next(std::uint64_t word, unsigned index) { return ((word >> 32) + 1) << 32 | index; }
  unsigned pop() {
    std::uint64_t seen = top;
    while (index_of(seen) != none && !top.compare_exchange_strong(seen, next(seen, below[index_of(seen)]))) {
    }
    return index_of(seen);
  }
  void push(unsigned one) {
    std::uint64_t seen = top;
    do below[one] = index_of(seen);
    while (!top.compare_exchange_strong(seen, next(seen, one)));
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

RAVEL_EXPLORED({.bug = "aba", .half = explored::half::clean, .body = body});
