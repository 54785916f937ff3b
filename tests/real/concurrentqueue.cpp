// SPDX-License-Identifier: MIT
// moodycamel's ConcurrentQueue, and BlockingConcurrentQueue with its semaphore, between producers and consumers.
// Conservation: each item comes out once, a producer's items in order.
#include <ravel/catch2.hpp>

#include <concurrentqueue/blockingconcurrentqueue.h>
#include <concurrentqueue/concurrentqueue.h>

#include <atomic>
#include <vector>

namespace {

constexpr unsigned producers = 3, consumers = 2, items = 40;

void require_conserved(ravel::trial& trial, const std::vector<std::vector<unsigned>>& taken) {
  std::vector<unsigned> times(producers * items);
  for (const std::vector<unsigned>& one : taken) {
    std::vector<unsigned> next(producers);
    for (const unsigned item : one) {
      ++times[item];
      trial.require(item % items >= next[item / items], "a producer's items come in their order");
      next[item / items] = item % items;
    }
  }
  trial.require(times == std::vector<unsigned>(producers * items, 1), "every item comes out exactly once");
}

}  // namespace

RAVEL_TEST_CASE("concurrentqueue: each item comes out once, polled", "[real]") {
  moodycamel::ConcurrentQueue<unsigned> queue;
  std::atomic<unsigned> count{0};
  std::vector<std::vector<unsigned>> taken(consumers);
  trial.threads(producers, "producer", [&](ravel::worker& me) {
    for (unsigned i = 0; i < items; ++i) queue.enqueue(me.index() * items + i);
  });
  trial.threads(consumers, "consumer", [&](ravel::worker& me) {
    unsigned item = 0;
    while (count < producers * items) {
      if (!queue.try_dequeue(item)) continue;
      ++count;
      taken[me.index()].push_back(item);
    }
  });
  trial.run();
  require_conserved(trial, taken);
}

RAVEL_TEST_CASE("concurrentqueue: each item comes out once, waited for", "[real]") {
  moodycamel::BlockingConcurrentQueue<unsigned> queue;
  std::vector<std::vector<unsigned>> taken(consumers);
  trial.threads(producers, "producer", [&](ravel::worker& me) {
    for (unsigned i = 0; i < items; ++i) queue.enqueue(me.index() * items + i);
  });
  trial.threads(consumers, "consumer", [&](ravel::worker& me) {
    for (unsigned i = 0; i < producers * items / consumers; ++i) {
      unsigned item = 0;
      queue.wait_dequeue(item);
      taken[me.index()].push_back(item);
    }
  });
  trial.run();
  require_conserved(trial, taken);
}
