// SPDX-License-Identifier: MIT
// Planted: an addition that loads and stores loses the other thread's; the model is a ready one.
#include "../planted.hpp"

#include <ravel/checks/linearizable.hpp>
#include <ravel/checks/models.hpp>

#include <atomic>
#include <thread>

namespace {

class counter {
 public:
  int add() {
    const int before = value_.load();
    std::this_thread::yield();
    value_.store(before + 1);
    return before;
  }

 private:
  std::atomic<int> value_{0};
};

}  // namespace

RAVEL_PLANTED({.bug = "counter_lost_update",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::not_linearizable},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 300},
               .body = [](ravel::trial& trial) {
                 counter subject;
                 ravel::checks::linearizable history{trial, subject, [] { return ravel::checks::counter_model{}; }};
                 trial.threads(3, "client",
                               [&](ravel::worker& me) { me.repeat(20, [&] { history("add", &counter::add); }); });
                 trial.run();
               }});
