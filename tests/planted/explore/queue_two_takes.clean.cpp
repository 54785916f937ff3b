// SPDX-License-Identifier: MIT
// Twin: take() reads and removes under one lock.
#include "pair.hpp"

#include <ravel/checks/linearizable.hpp>

#include <deque>
#include <mutex>
#include <optional>

namespace {

class queue {
 public:
  void put(int value) {
    const std::lock_guard lock(mutex_);
    values_.push_back(value);
  }
  std::optional<int> take() {
    const std::lock_guard lock(mutex_);
    std::optional<int> first;
    if (values_.empty()) return first;
    first = values_.front();
    values_.pop_front();
    return first;
  }

 private:
  std::mutex mutex_;
  std::deque<int> values_;
};

void body(ravel::trial& trial) {
  queue subject;
  ravel::checks::linearizable history{trial, subject};
  trial.threads(2, "client", [&](ravel::worker& me) {
    history("put", &queue::put, static_cast<int>(me.index()));
    history("take", &queue::take);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "queue_two_takes", .half = explored::half::clean, .body = body});
