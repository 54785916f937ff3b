// SPDX-License-Identifier: MIT
// Planted: a semaphore looks whether there is a permit and takes it in a second step: two get the only one.
#include "pair.hpp"

#include <ravel/checks/check_operations.hpp>

#include <atomic>

namespace {

class permits {
 public:
  bool try_acquire() {
    if (count_.load() <= 0) return false;
    count_.fetch_sub(1);
    return true;
  }
  int available() { return count_.load(); }

 private:
  std::atomic<int> count_{1};
};

const auto table = ravel::operations<permits>(ravel::op("try_acquire", &permits::try_acquire),
                                              ravel::op("available", &permits::available));

void body(ravel::trial& trial) { ravel::checks::check_operations(trial, table, {.threads = 2, .calls = 2}); }

}  // namespace

RAVEL_EXPLORED({.bug = "semaphore_two_in",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::not_linearizable},
                .reuses_memory = true,
                .body = body});
