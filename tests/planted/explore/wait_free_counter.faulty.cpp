// SPDX-License-Identifier: MIT
// Planted: a counter without any lock that tries until it succeeds; others can make it try again without a bound.
#include "pair.hpp"

#include <ravel/checks/progress.hpp>

#include <atomic>

namespace {

class counter {
 public:
  void add() {
    int seen = count_.load();
    while (!count_.compare_exchange_strong(seen, seen + 1)) {
    }
  }

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

RAVEL_EXPLORED({.bug = "wait_free_counter",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::no_progress},
                .not_run_in = {"plain"},
                .body = body});
