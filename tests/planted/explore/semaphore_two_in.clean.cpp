// SPDX-License-Identifier: MIT
// Twin: looking and taking are one step.
#include "pair.hpp"

#include <ravel/checks/check_operations.hpp>

#include <atomic>

namespace {

class permits {
 public:
  bool try_acquire() {
    int seen = count_.load();
    while (seen > 0)
      if (count_.compare_exchange_weak(seen, seen - 1)) return true;
    return false;
  }
  int available() { return count_.load(); }

 private:
  std::atomic<int> count_{1};
};

const auto table = ravel::operations<permits>(ravel::op("try_acquire", &permits::try_acquire),
                                              ravel::op("available", &permits::available));

void body(ravel::trial& trial) { ravel::checks::check_operations(trial, table, {.threads = 2, .calls = 2}); }

}  // namespace

RAVEL_EXPLORED({.bug = "semaphore_two_in", .half = explored::half::clean, .reuses_memory = true, .body = body});
