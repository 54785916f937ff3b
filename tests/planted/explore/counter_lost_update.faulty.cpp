// SPDX-License-Identifier: MIT
// Planted: an addition that loads and stores loses the other thread's; the model is a ready one.
#include "pair.hpp"

#include <ravel/checks/linearizable.hpp>
#include <ravel/checks/models.hpp>

#include <atomic>

namespace {

class counter {
 public:
  int add() {
    const int before = value_.load();
    value_.store(before + 1);
    return before;
  }

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

RAVEL_EXPLORED({.bug = "counter_lost_update",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::not_linearizable},
                .body = body});
