// SPDX-License-Identifier: MIT
// Boost.Lockfree: queue and stack between two producers and two consumers, and spsc_queue between one and one.
// Conservation: what was pushed is popped once; a queue hands on each producer's items in their order.
#include <ravel/catch2.hpp>

#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <boost/lockfree/stack.hpp>

#include <atomic>
#include <vector>

namespace {

constexpr unsigned producers = 2, consumers = 2, items = 6;

// shape: [consumer][nth item that it took]
using taken_items = std::vector<std::vector<unsigned>>;

template <class Container>
taken_items hand_on(ravel::trial& trial, Container& container) {
  taken_items taken(consumers);
  std::atomic<unsigned> count{0};
  trial.threads(producers, "producer", [&](ravel::worker& me) {
    for (unsigned i = 0; i < items; ++i)
      while (!container.push(me.index() * items + i)) {
      }
  });
  trial.threads(consumers, "consumer", [&](ravel::worker& me) {
    unsigned item = 0;
    while (count < producers * items) {
      if (!container.pop(item)) continue;
      ++count;
      taken[me.index()].push_back(item);
    }
  });
  trial.run();
  return taken;
}

void require_conserved(ravel::trial& trial, const taken_items& taken) {
  std::vector<unsigned> times(producers * items);
  for (const std::vector<unsigned>& one : taken)
    for (const unsigned item : one) ++times[item];
  trial.require(times == std::vector<unsigned>(producers * items, 1), "every item comes out exactly once");
}

}  // namespace

RAVEL_TEST_CASE("boost.lockfree: a queue hands on each item once, a producer's in order", "[real]") {
  boost::lockfree::queue<unsigned> queue{0};
  const taken_items taken = hand_on(trial, queue);
  require_conserved(trial, taken);
  for (const std::vector<unsigned>& one : taken) {
    std::vector<unsigned> next(producers);
    for (const unsigned item : one) {
      trial.require(item % items >= next[item / items], "a producer's items come in their order");
      next[item / items] = item % items;
    }
  }
}

RAVEL_TEST_CASE("boost.lockfree: a queue of fixed size hands on each item once", "[real]") {
  boost::lockfree::queue<unsigned, boost::lockfree::capacity<2>> queue;
  require_conserved(trial, hand_on(trial, queue));
}

RAVEL_TEST_CASE("boost.lockfree: a stack hands on each item once", "[real]") {
  boost::lockfree::stack<unsigned> stack{0};
  require_conserved(trial, hand_on(trial, stack));
}

RAVEL_TEST_CASE("boost.lockfree: an spsc_queue hands on each item in order", "[real]") {
  boost::lockfree::spsc_queue<unsigned, boost::lockfree::capacity<3>> queue;
  trial.thread("producer", [&](ravel::worker&) {
    for (unsigned i = 0; i < items; ++i)
      while (!queue.push(i)) {
      }
  });
  std::vector<unsigned> taken;
  trial.thread("consumer", [&](ravel::worker&) {
    unsigned item = 0;
    while (taken.size() < items)
      if (queue.pop(item)) taken.push_back(item);
  });
  trial.run();
  for (unsigned i = 0; i < items; ++i) trial.require_equal(taken[i], i, "an item comes in its order");
}
