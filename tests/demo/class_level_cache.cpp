// SPDX-License-Identifier: MIT
// The class-level cache: store extends the entry of a key, release drops it, and the memory of dropped
// entries is kept for all caches of the class, up to a bound. Ten threads over five keys; a phase with
// 1,000,000 elements a store and one with 100,000 (see subject.hpp). DEMO_FAULT plants one fault.
#include "subject.hpp"

#include <ravel/annotate.h>
#include <ravel/checks/ledger.hpp>
#include <ravel/stress.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace {

enum class fault { none, unlocked_map, check_then_act, exception_path, kept_reference, ab_ba, self_deadlock };
constexpr fault planted = fault::DEMO_FAULT;

class class_level_cache {
 public:
  using elements = std::vector<int>;

  void store(int key, std::size_t count) {
    const auto guard = lock();
    auto found = entries_.find(key);
    if (found == entries_.end()) {
      found = entries_.emplace(key, spare()).first;
      RAVEL_ENTRY_ACQUIRED("class_level_cache", key);
    }
    found->second.insert(found->second.end(), count, key);
    const std::lock_guard statistics(statistics_lock_);
    stored_ += count;
  }

  bool has(int key) const {
    const auto guard = lock();
    return entries_.count(key) != 0;
  }

  std::size_t size(int key) const {
    const auto guard = lock();
    const auto found = entries_.find(key);
    return found == entries_.end() ? 0 : found->second.size();
  }

  // Throws std::out_of_range when there is no such entry.
  std::size_t pop(int key) {
    const auto guard = lock();
    const std::size_t count = entries_.at(key).size();
    drop(entries_.find(key));
    return count;
  }

  // dropping: called with the number of elements before they go.
  std::size_t release(int key, const std::function<void(std::size_t)>& dropping = {}) {
    auto guard = lock();
    const auto found = entries_.find(key);
    if (found == entries_.end()) return 0;
    const std::size_t count = found->second.size();
    if (dropping && planted == fault::self_deadlock) dropping(count);
    drop(found);
    guard.unlock();
    if (dropping && planted != fault::self_deadlock) dropping(count);
    return count;
  }

  // A reference into the cache: good until the entry is released.
  const elements& look(int key) const {
    const auto guard = lock();
    return entries_.at(key);
  }

  std::size_t mean_entry() const {
    if (planted == fault::ab_ba) {
      const std::lock_guard statistics(statistics_lock_);
      const auto guard = lock();
      return entries_.empty() ? 0 : stored_ / entries_.size();
    }
    const auto guard = lock();
    const std::lock_guard statistics(statistics_lock_);
    return entries_.empty() ? 0 : stored_ / entries_.size();
  }

  static std::size_t retained_bytes() {
    const std::lock_guard guard(class_lock_);
    std::size_t bytes = 0;
    for (const elements& one : spares_) bytes += one.capacity() * sizeof(int);
    return bytes;
  }

 private:
  std::unique_lock<std::mutex> lock() const {
    if (planted == fault::unlocked_map) return std::unique_lock(lock_, std::defer_lock);
    return std::unique_lock(lock_);
  }

  void drop(std::map<int, elements>::iterator entry) {
    RAVEL_ENTRY_RELEASED("class_level_cache", entry->first);
    keep(std::move(entry->second));
    entries_.erase(entry);
  }

  static void keep(elements&& memory) {
    memory.clear();
    const std::lock_guard guard(class_lock_);
    if (spares_.size() < 5 && memory.capacity() <= 1'000'000) spares_.push_back(std::move(memory));
  }

  static elements spare() {
    const std::lock_guard guard(class_lock_);
    if (spares_.empty()) return {};
    elements memory = std::move(spares_.back());
    spares_.pop_back();
    return memory;
  }

  mutable std::mutex lock_;
  std::map<int, elements> entries_;
  mutable std::mutex statistics_lock_;
  std::size_t stored_ = 0;
  inline static std::mutex class_lock_;
  inline static std::vector<elements> spares_;
};

// Stores and releases; the work in between may throw.
void use(class_level_cache& cache, int key, std::size_t count, bool is_failing) {
  struct release_at_end {
    class_level_cache& cache;
    int key;
    bool is_armed;
    ~release_at_end() {
      if (is_armed) cache.release(key);
    }
  };
  cache.store(key, count);
  release_at_end guard{cache, key, planted != fault::exception_path};
  if (is_failing) throw std::runtime_error("the work on the entry failed");
  if (!guard.is_armed) cache.release(key);
}

void client(class_level_cache& cache, ravel::worker& me, std::size_t count) {
  const int key = static_cast<int>(me.pick(0, 4));
  cache.store(key, count);
  me.require(cache.size(key) % count == 0, "an entry grows by whole stores");
  if (planted == fault::check_then_act) {
    if (cache.has(key)) cache.pop(key);
  } else {
    cache.release(key, [&](std::size_t) { static_cast<void>(cache.size(key)); });
  }
  static_cast<void>(cache.mean_entry());
}

}  // namespace

void demo::body(ravel::trial& trial) {
  ravel::checks::ledger entries{trial, "class_level_cache"};
  {
    class_level_cache cache;
    trial.threads(10, "large", [&](ravel::worker& me) { client(cache, me, demo::large_store()); });
    trial.run();
    trial.threads(10, "small",
                  [&](ravel::worker& me) { me.repeat(4, [&] { client(cache, me, demo::small_store()); }); });
    trial.run();
    trial.thread("reader", [&](ravel::worker& me) {
      cache.store(2, 10);
      const class_level_cache::elements& seen = cache.look(2);
      if (planted != fault::kept_reference) me.require(seen.size() >= 10, "what was stored is there");
      cache.release(2);
      if (planted == fault::kept_reference) me.require(!seen.empty(), "what was stored is there");
      try {
        use(cache, 3, 10, true);
      } catch (const std::runtime_error&) {
      }
    });
    trial.run();
  }
  entries.retained_bytes(class_level_cache::retained_bytes());
}
