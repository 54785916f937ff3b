// SPDX-License-Identifier: MIT
// Twin: the addition is one step.
#include "../planted.hpp"

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

}  // namespace

RAVEL_PLANTED({.bug = "counter_lost_update",
               .half = planted::half::clean,
               .options = {.rounds = 300},
               .body = [](ravel::trial& trial) {
                 counter subject;
                 ravel::checks::linearizable history{trial, subject, [] { return ravel::checks::counter_model{}; }};
                 trial.threads(3, "client",
                               [&](ravel::worker& me) { me.repeat(20, [&] { history("add", &counter::add); }); });
                 trial.run();
               }});
