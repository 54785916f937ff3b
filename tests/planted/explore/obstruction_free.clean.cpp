// SPDX-License-Identifier: MIT
// Twin: who fails to change it does so because another has.
#include "pair.hpp"

#include <ravel/checks/progress.hpp>

#include <atomic>
#include <cstdint>

namespace {

class counter {
 public:
  void add(std::uint64_t) {
    std::uint64_t seen = word_.load();
    while (!word_.compare_exchange_strong(seen, seen + 256)) {
    }
  }

 private:
  std::atomic<std::uint64_t> word_{0};  // the count, times 256
};

void body(ravel::trial& trial) {
  counter subject;
  ravel::checks::progress claims{trial, {.within = 50, .samples = 10}};
  claims.obstruction_free("add");
  claims.lock_free("add");
  trial.threads(2, "client",
                [&](ravel::worker& me) { me.repeat(3, [&] { claims("add", [&] { subject.add(me.index() + 1); }); }); });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "obstruction_free", .half = explored::half::clean, .not_run_in = {"plain"}, .body = body});
