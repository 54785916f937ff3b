// SPDX-License-Identifier: MIT
// Planted: an entry is erased from a map under one lock and from its shortcut under the next: in between the map has
// nothing and a lookup still finds it.
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
    lock.unlock();
    lock.lock();
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

RAVEL_EXPLORED({.bug = "stale_map",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::not_linearizable},
                .is_found_in_plain = true,
                .reuses_memory = true,
                .body = body});
