// SPDX-License-Identifier: MIT
// Twin: both halves are written, and read, under one lock.
#include "pair.hpp"

#include <ravel/checks/check_operations.hpp>

#include <mutex>

namespace {

class wide_register {
 public:
  void write(int value) {
    const std::lock_guard lock(mutex_);
    low_ = value;
    high_ = value;
  }
  int read() {
    const std::lock_guard lock(mutex_);
    const int low = low_;
    return 10 * high_ + low;
  }

 private:
  std::mutex mutex_;
  int low_ = 0, high_ = 0;
};

const auto table = ravel::operations<wide_register>(ravel::op("write", &wide_register::write, ravel::ints(1, 9)),
                                                    ravel::op("read", &wide_register::read));

void body(ravel::trial& trial) { ravel::checks::check_operations(trial, table, {.threads = 2, .calls = 3}); }

}  // namespace

RAVEL_EXPLORED({.bug = "torn_register", .half = explored::half::clean, .reuses_memory = true, .body = body});
