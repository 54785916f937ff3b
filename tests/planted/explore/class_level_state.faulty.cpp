// SPDX-License-Identifier: MIT
// Planted: a class that keeps its state in a static cannot be its own model, and the finding says so.
#include "pair.hpp"

#include <ravel/checks/linearizable.hpp>

#include <mutex>

namespace {

class tickets {
 public:
  int next() {
    const std::lock_guard lock(mutex_);
    return ++number_;
  }

 private:
  std::mutex mutex_;
  static int number_;
};

int tickets::number_ = 0;

void body(ravel::trial& trial) {
  tickets subject;
  ravel::checks::linearizable history{trial, subject};
  trial.threads(2, "client", [&](ravel::worker&) { history("next", &tickets::next); });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "class_level_state",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::misuse},
                .is_found_in_plain = true,
                .body = body});
