// SPDX-License-Identifier: MIT
// Twin: the lock is kept from reading an item to removing it.
#include "pair.hpp"

#include <ravel/checks/linearizable.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>

namespace {

class waiting_queue {
 public:
  void put(int value) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return values_.size() < 2; });
    values_.push_back(value);
    changed_.notify_all();
  }
  int take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !values_.empty(); });
    const int value = values_.front();
    if (!values_.empty()) values_.pop_front();
    changed_.notify_all();
    return value;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<int> values_;
};

void body(ravel::trial& trial) {
  waiting_queue subject;
  ravel::checks::linearizable history{trial, subject};
  trial.thread("putter", [&](ravel::worker& me) {
    me.repeat(2, [&](std::uint64_t i) { history("put", &waiting_queue::put, static_cast<int>(i)); });
  });
  trial.threads(2, "taker", [&](ravel::worker&) { history("take", &waiting_queue::take); });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "waiting_take", .half = explored::half::clean, .body = body});
