// SPDX-License-Identifier: MIT
// A cache whose evict() races with get(), but only for one key pattern. PLANTED: evict looks whether the key is there
// under one lock and takes it out under another, if the key has the pattern, and tells of what it saw.
#include <ravel/fuzz.hpp>

#include <map>
#include <mutex>
#include <optional>

namespace {

class cache {
 public:
  void store(int key, int value) {
    const std::lock_guard lock(mutex_);
    entries_[key] = value;
  }
  std::optional<int> get(int key) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    return found->second;
  }
  // What the key had; nothing when there was none.
  std::optional<int> evict(int key) {
    std::unique_lock lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    const int value = found->second;
    if (PLANTED && (key & 0x1d) == 0x15) {
      lock.unlock();
      lock.lock();
    }
    entries_.erase(key);
    return value;
  }

 private:
  std::mutex mutex_;
  std::map<int, int> entries_;
};

const auto operations = ravel::operations<cache>(
    ravel::op("store", &cache::store, ravel::ints(0, 31), ravel::ints(1, 9)),
    ravel::op("get", &cache::get, ravel::ints(0, 31)), ravel::op("evict", &cache::evict, ravel::ints(0, 31)));

}  // namespace

RAVEL_FUZZ_API(cache, operations, {.threads = 3, .calls = 8});
