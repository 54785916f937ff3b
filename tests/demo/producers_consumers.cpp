// SPDX-License-Identifier: MIT
// Debian's concurrentqueue (moodycamel) with several producers and consumers: third-party code. Every item
// comes out once, and the items of one producer in their order. It synchronises by std::atomic and fences, which
// Helgrind and DRD do not follow; the table shows what they say.
#include "subject.hpp"

#include <ravel/stress.hpp>

#include <concurrentqueue/concurrentqueue.h>

#include <atomic>
#include <vector>

namespace {

constexpr unsigned producers = 4, consumers = 4;

}  // namespace

void demo::body(ravel::trial& trial) {
  const auto items = static_cast<unsigned>(2'000 / (demo::divisor() > 10 ? 20 : 1));
  moodycamel::ConcurrentQueue<unsigned> queue;
  std::atomic<unsigned> taken{0};
  std::vector<std::vector<unsigned>> seen(consumers);
  trial.threads(producers, "producer", [&](ravel::worker& me) {
    for (unsigned i = 0; i < items; ++i) queue.enqueue(me.index() * items + i);
  });
  trial.threads(consumers, "consumer", [&](ravel::worker& me) {
    unsigned item = 0;
    while (taken.load(std::memory_order_relaxed) < producers * items) {
      if (!queue.try_dequeue(item)) continue;
      taken.fetch_add(1, std::memory_order_relaxed);
      seen[me.index()].push_back(item);
    }
  });
  trial.run();
  std::vector<unsigned> times(producers * items);
  for (const std::vector<unsigned>& one : seen) {
    std::vector<unsigned> next(producers);
    for (const unsigned item : one) {
      ++times[item];
      trial.require(item % items >= next[item / items], "a producer's items come in their order");
      next[item / items] = item % items;
    }
  }
  bool is_each_once = true;
  for (const unsigned count : times) is_each_once = is_each_once && count == 1;
  trial.require(is_each_once, "every item comes out exactly once");
}
