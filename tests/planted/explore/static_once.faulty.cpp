// SPDX-License-Identifier: MIT
// Planted: a static is made by hand, once in a process: two threads make it twice. Nothing shows in later executions
// of the same process.
#include "pair.hpp"

#include <atomic>

namespace {

std::atomic<bool> is_made{false};
std::atomic<int> made{0};

void body(ravel::trial& trial) {
  trial.threads(2, "user", [](ravel::worker& me) {
    if (!is_made) {
      ++made;
      is_made = true;
    }
    me.require_equal(made.load(), 1, "it is made once");
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "static_once",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::requirement},
                .options = {.isolation = ravel::isolation::trial},
                .body = body});
