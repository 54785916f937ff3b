// SPDX-License-Identifier: MIT
// Planted: a cache counts an entry before it has it; who reads the size meanwhile sees one that is not there.
#include "pair.hpp"

#include <map>
#include <mutex>

namespace {

class cache {
 public:
  void store(int key) {
    {
      const std::lock_guard lock(mutex_);
      ++size_;
    }
    const std::lock_guard lock(mutex_);
    if (!entries_.emplace(key, key).second) --size_;
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

void body(ravel::trial& trial) {
  cache subject;
  const auto counted =
      trial.invariant("size counts entries", [&] { return subject.is_counted(); }, {.at = ravel::every_point});
  trial.threads(2, "client", [&](ravel::worker& me) { subject.store(static_cast<int>(me.index())); });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "size_ahead",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::invariant},
                .is_found_in_plain = true,
                .body = body});
