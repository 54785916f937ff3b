// SPDX-License-Identifier: MIT
// Twin: the compiler's own guard.
#include "pair.hpp"

#include <atomic>

namespace {

std::atomic<int> made{0};

void body(ravel::trial& trial) {
  trial.threads(2, "user", [](ravel::worker& me) {
    static const int instance = ++made;
    me.require_equal(instance, 1, "it is made once");
  });
  trial.run();
  trial.require_equal(made.load(), 1, "it is made once");
}

}  // namespace

RAVEL_EXPLORED({.bug = "static_once",
                .half = explored::half::clean,
                .options = {.isolation = ravel::isolation::trial},
                .body = body});
