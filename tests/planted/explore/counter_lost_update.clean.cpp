// SPDX-License-Identifier: MIT
// Twin: the addition is one step.
#include "pair.hpp"

#include <ravel/checks/linearizable.hpp>
#include <ravel/checks/models.hpp>

#include <atomic>

namespace {

class counter {
 public:
  int add() { return value_.fetch_add(1); }

 private:
  std::atomic<int> value_{0};
};

void body(ravel::trial& trial) {
  counter subject;
  ravel::checks::linearizable history{trial, subject, [] { return ravel::checks::counter_model{}; }};
  trial.threads(2, "client", [&](ravel::worker& me) { me.repeat(2, [&] { history("add", &counter::add); }); });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "counter_lost_update", .half = explored::half::clean, .body = body});
