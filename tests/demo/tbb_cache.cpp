// SPDX-License-Identifier: MIT
// The same cache on Intel TBB's concurrent_hash_map, as Debian ships it: third-party code. Its accessor is a
// lock on one entry. Ten threads over five keys, two phases of different size (see subject.hpp).
#include "subject.hpp"

#include <ravel/checks/ledger.hpp>
#include <ravel/stress.hpp>

#include <tbb/concurrent_hash_map.h>

#include <atomic>
#include <vector>

namespace {

class tbb_cache {
 public:
  void store(int key, std::size_t count) {
    map::accessor entry;
    entries_.insert(entry, key);
    entry->second.insert(entry->second.end(), count, key);
  }
  std::size_t release(int key) {
    map::accessor entry;
    if (!entries_.find(entry, key)) return 0;
    const std::size_t count = entry->second.size();
    entries_.erase(entry);
    return count;
  }
  bool is_empty() const { return entries_.empty(); }

 private:
  using map = tbb::concurrent_hash_map<int, std::vector<int>>;
  map entries_;
};

}  // namespace

void demo::body(ravel::trial& trial) {
  tbb_cache cache;
  std::atomic<std::size_t> stored{0}, dropped{0};
  const auto client = [&](ravel::worker& me, std::size_t count) {
    const int key = static_cast<int>(me.pick(0, 4));
    cache.store(key, count);
    stored.fetch_add(count, std::memory_order_relaxed);
    dropped.fetch_add(cache.release(key), std::memory_order_relaxed);
  };
  trial.threads(10, "large", [&](ravel::worker& me) { client(me, demo::large_store()); });
  trial.run();
  trial.threads(10, "small", [&](ravel::worker& me) { me.repeat(4, [&] { client(me, demo::small_store()); }); });
  trial.run();
  for (int key = 0; key < 5; ++key) dropped += cache.release(key);
  trial.require_equal(dropped.load(), stored.load(), "elements dropped, against elements stored");
  trial.require(cache.is_empty(), "no entry is left");
}
