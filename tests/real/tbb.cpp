// SPDX-License-Identifier: MIT
// Intel TBB: concurrent_hash_map as a cache with an entry per key, and concurrent_bounded_queue between producers and
// consumers. Conservation: what was stored is dropped once; what was pushed is popped once, a producer's items in
// order.
#include <ravel/catch2.hpp>
#include <ravel/checks/ledger.hpp>

#include <tbb/concurrent_hash_map.h>
#include <tbb/concurrent_queue.h>

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

namespace {

// Not TBB's own allocator: that one hands a block from thread to thread inside libtbbmalloc, which is not instrumented,
// so TSan takes the old and the new entry for one object and reports races between them (2 to 6 of 1000 rounds, gcc
// 12).
using value = std::vector<int>;
using map =
    tbb::concurrent_hash_map<int, value, tbb::tbb_hash_compare<int>, std::allocator<std::pair<const int, value>>>;

}  // namespace

RAVEL_TEST_CASE("tbb: every element stored in a concurrent_hash_map is dropped once", "[real]") {
  map cache;
  ravel::checks::ledger entries{trial, "tbb cache"};
  std::atomic<std::size_t> stored{0}, dropped{0};
  const auto drop = [&](int key) {
    map::accessor entry;
    if (!cache.find(entry, key)) return;
    dropped += entry->second.size();
    entries.released(key);
    cache.erase(entry);
  };
  trial.threads(6, "client", [&](ravel::worker& me) {
    me.repeat(20, [&] {
      const int key = static_cast<int>(me.pick(0, 4));
      {
        map::accessor entry;
        if (cache.insert(entry, key)) entries.acquired(key);
        entry->second.push_back(key);
        ++stored;
      }
      if (map::const_accessor entry; cache.find(entry, key))
        me.require_equal(entry->second.front(), key, "an entry holds its own key's elements");
      if (me.pick(0, 1) == 0) drop(key);
    });
  });
  trial.run();
  for (int key = 0; key < 5; ++key) drop(key);
  trial.require_equal(dropped.load(), stored.load(), "elements dropped, against elements stored");
  trial.require(cache.empty(), "no entry is left");
}

RAVEL_TEST_CASE("tbb: a concurrent_bounded_queue hands on each item once, in order, within its capacity", "[real]") {
  constexpr unsigned producers = 3, items = 40;
  tbb::concurrent_bounded_queue<unsigned> queue;
  queue.set_capacity(4);
  std::vector<std::vector<unsigned>> popped(2);
  trial.threads(producers, "producer", [&](ravel::worker& me) {
    for (unsigned i = 0; i < items; ++i) queue.push(me.index() * items + i);
  });
  trial.threads(2, "consumer", [&](ravel::worker& me) {
    for (unsigned i = 0; i < producers * items / 2; ++i) {
      unsigned item = 0;
      queue.pop(item);
      popped[me.index()].push_back(item);
    }
  });
  trial.run();
  std::vector<unsigned> times(producers * items);
  for (const std::vector<unsigned>& one : popped) {
    std::vector<unsigned> next(producers);
    for (const unsigned item : one) {
      ++times[item];
      trial.require(item % items >= next[item / items], "a producer's items come in their order");
      next[item / items] = item % items;
    }
  }
  trial.require(times == std::vector<unsigned>(producers * items, 1), "every item comes out exactly once");
}
