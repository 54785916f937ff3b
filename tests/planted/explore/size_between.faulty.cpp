// SPDX-License-Identifier: MIT
// Planted: a cache counts a key that it has already. When all is dropped the size is right again, so that only who
// looks between two operations, none of which is in flight then, sees that it was not.
#include "pair.hpp"

#include <ravel/checks/linearizable.hpp>

#include <atomic>
#include <mutex>

namespace {

class cache {
 public:
  void store(int key) {
    const bool is_new = ((keys_.load() >> key) & 1) == 0;
    const std::lock_guard lock(mutex_);
    keys_.fetch_or(1 << key);
    if (is_new) size_.fetch_add(1);
  }
  void drop() {
    const std::lock_guard lock(mutex_);
    keys_.store(0);
    size_.store(0);
  }
  [[nodiscard]] bool is_counted() const { return size_ == __builtin_popcount(static_cast<unsigned>(keys_)); }

 private:
  std::mutex mutex_;
  std::atomic<int> keys_{0}, size_{0};
};

void body(ravel::trial& trial) {
  cache subject;
  ravel::checks::linearizable history{trial, subject, [] { return cache{}; }};
  const auto counted = trial.invariant("size counts keys", [&] { return subject.is_counted(); });
  trial.threads(2, "client", [&](ravel::worker& me) {
    history("store", &cache::store, 1);
    if (me.index() == 1) history("drop", &cache::drop);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED(
    {.bug = "size_between", .half = explored::half::faulty, .kinds = {ravel::finding_kind::invariant}, .body = body});
