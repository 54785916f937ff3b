// SPDX-License-Identifier: MIT
// Twin: looking, keeping and counting are one step.
#include "../planted.hpp"

#include <map>
#include <mutex>

namespace {

class cache {
 public:
  void store(int key, int value) {
    const std::lock_guard lock(mutex_);
    if (!entries_.contains(key)) ++size_;
    entries_[key] = value;
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

RAVEL_PLANTED(
    {.bug = "size_ahead", .half = planted::half::clean, .options = {.rounds = 300}, .body = [](ravel::trial& trial) {
       cache subject;
       const auto counted = trial.invariant("size counts entries", [&] { return subject.is_counted(); });
       trial.threads(3, "client", [&](ravel::worker& me) {
         me.repeat(4, [&](std::uint64_t i) { subject.store(static_cast<int>(i), 1); });
       });
       trial.run();
     }});
