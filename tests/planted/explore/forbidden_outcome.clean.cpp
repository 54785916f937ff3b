// SPDX-License-Identifier: MIT
// Twin: looking and coming are one step.
#include "pair.hpp"

#include <atomic>

namespace {

void body(ravel::trial& trial) {
  std::atomic<int> come{0};
  int saw[2] = {};
  trial.threads(2, "guest", [&](ravel::worker& me) { saw[me.index()] = come.fetch_add(1); });
  trial.run();
  trial.outcome({.expected = {{0, 1}, {1, 0}}, .forbidden = {{0, 0}}}, saw[0], saw[1]);
}

}  // namespace

RAVEL_EXPLORED({.bug = "forbidden_outcome", .half = explored::half::clean, .body = body});
