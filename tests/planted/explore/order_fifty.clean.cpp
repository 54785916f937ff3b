// SPDX-License-Identifier: MIT
// Twin: the two values are one.
#include "pair.hpp"

#include <atomic>

namespace {

void body(ravel::trial& trial) {
  std::atomic<int> both{0};
  trial.threads(49, "setter", [&](ravel::worker&) { both = 0x1'0001; });
  trial.thread("checker", [&](ravel::worker& me) {
    const int seen = both;
    me.require(seen >> 16 == (seen & 0xFFFF), "both are set, or none is");
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "order_fifty", .half = explored::half::clean, .body = body});
