// SPDX-License-Identifier: MIT
// Planted: a register of two halves, each behind the lock, but not both together: a read sees one old and one new.
#include "pair.hpp"

#include <ravel/checks/check_operations.hpp>

#include <mutex>

namespace {

class wide_register {
 public:
  void write(int value) {
    std::unique_lock lock(mutex_);
    low_ = value;
    lock.unlock();
    lock.lock();
    high_ = value;
  }
  int read() {
    std::unique_lock lock(mutex_);
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

RAVEL_EXPLORED({.bug = "torn_register",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::not_linearizable},
                .is_found_in_plain = true,
                .reuses_memory = true,
                .body = body});
