// SPDX-License-Identifier: MIT
// Twin: each object has its own state.
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
  int number_ = 0;
};

void body(ravel::trial& trial) {
  tickets subject;
  ravel::checks::linearizable history{trial, subject};
  trial.threads(2, "client", [&](ravel::worker&) { history("next", &tickets::next); });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "class_level_state", .half = explored::half::clean, .body = body});
