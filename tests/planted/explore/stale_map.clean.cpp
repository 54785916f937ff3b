// SPDX-License-Identifier: MIT
// Twin: map and shortcut change under one lock.
#include "pair.hpp"

#include <ravel/checks/check_operations.hpp>

#include <mutex>

namespace {

class sessions {
 public:
  void put(int key) {
    const std::lock_guard lock(mutex_);
    present_[key] = true;
    latest_ = key;
  }
  void erase(int key) {
    std::unique_lock lock(mutex_);
    present_[key] = false;
    if (latest_ == key) latest_ = 0;
  }
  // By the shortcut, if it is for this key.
  bool get(int key) {
    const std::lock_guard lock(mutex_);
    return latest_ == key || present_[key];
  }
  int count() {
    const std::lock_guard lock(mutex_);
    return present_[1] ? 1 : 0;
  }

 private:
  std::mutex mutex_;
  bool present_[2] = {};
  int latest_ = 0;  // key of the entry that was put last; 0: none
};

const auto table = ravel::operations<sessions>(
    ravel::op("put", &sessions::put, ravel::ints(1, 1)), ravel::op("erase", &sessions::erase, ravel::ints(1, 1)),
    ravel::op("get", &sessions::get, ravel::ints(1, 1)), ravel::op("count", &sessions::count));

// One thread changes the map, the other looks at it.
void body(ravel::trial& trial) {
  ravel::checks::check_operations(trial, table, {.threads = 2, .calls = 4, .allowed = [](const auto& one) {
                                                   return (one.name == "put" || one.name == "erase") ==
                                                          (one.thread == 0);
                                                 }});
}

}  // namespace

RAVEL_EXPLORED({.bug = "stale_map", .half = explored::half::clean, .reuses_memory = true, .body = body});
