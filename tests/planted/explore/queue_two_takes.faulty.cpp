// SPDX-License-Identifier: MIT
// Planted: take() reads the first item under one lock and removes it under another; two takers get the same one, and
// another item is lost.
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
    std::optional<int> first;
    {
      const std::lock_guard lock(mutex_);
      if (!values_.empty()) first = values_.front();
    }
    const std::lock_guard lock(mutex_);
    if (first && !values_.empty()) values_.pop_front();
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

RAVEL_EXPLORED({.bug = "queue_two_takes",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::not_linearizable},
                .is_found_in_plain = true,
                .body = body});
