// SPDX-License-Identifier: MIT
// Twin: one step, whatever others do.
#include "pair.hpp"

#include <ravel/checks/progress.hpp>

#include <atomic>

namespace {

class counter {
 public:
  void add() { count_.fetch_add(1); }

 private:
  std::atomic<int> count_{0};
};

void body(ravel::trial& trial) {
  counter subject;
  ravel::checks::progress claims{trial, {.within = 10, .samples = 10}};
  claims.wait_free("add");
  trial.threads(2, "client", [&](ravel::worker& me) { me.repeat(16, [&] { claims("add", [&] { subject.add(); }); }); });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "wait_free_counter", .half = explored::half::clean, .not_run_in = {"plain"}, .body = body});
