// SPDX-License-Identifier: MIT
// Planted: a cache looks whether it has the key, and counts under the lock taken anew, so that of two who store the
// same key both count.
#include "../planted.hpp"

#include <map>
#include <mutex>
#include <thread>

namespace {

class cache {
 public:
  void store(int key, int value) {
    bool is_new = false;
    {
      const std::lock_guard lock(mutex_);
      is_new = !entries_.contains(key);
    }
    std::this_thread::yield();
    const std::lock_guard lock(mutex_);
    entries_[key] = value;
    if (is_new) ++size_;
  }
  [[nodiscard]] bool is_counted() {
    const std::lock_guard lock(mutex_);
    return size_ == entries_.size();
  }

 private:
  std::mutex mutex_;
  std::map<int, int> entries_;
  std::size_t size_ = 0;
};

}  // namespace

RAVEL_PLANTED({.bug = "size_ahead",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::invariant},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 300},
               .body = [](ravel::trial& trial) {
                 cache subject;
                 const auto counted = trial.invariant("size counts entries", [&] { return subject.is_counted(); });
                 trial.threads(3, "client", [&](ravel::worker& me) {
                   me.repeat(4, [&](std::uint64_t i) { subject.store(static_cast<int>(i), 1); });
                 });
                 trial.run();
               }});
