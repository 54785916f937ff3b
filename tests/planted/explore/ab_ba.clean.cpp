// SPDX-License-Identifier: MIT
// Twin: the same order in both.
#include "pair.hpp"

#include <mutex>

namespace {

void body(ravel::trial& trial) {
  std::mutex a, b;
  trial.threads(2, "there", [&](ravel::worker&) {
    const std::lock_guard outer(a);
    const std::lock_guard inner(b);
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "ab_ba", .half = explored::half::clean, .body = body});
