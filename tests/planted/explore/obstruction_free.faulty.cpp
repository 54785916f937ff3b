// SPDX-License-Identifier: MIT
// Planted: a counter that is obstruction-free, and no more. Whoever wants to change it makes itself its owner, and then
// commits if it still is; two that take it from each other in turn never come to commit.
#include "pair.hpp"

#include <ravel/checks/progress.hpp>

#include <atomic>
#include <cstdint>

namespace {

class counter {
 public:
  void add(std::uint64_t self) {
    for (;;) {
      std::uint64_t seen = word_.load();
      const std::uint64_t mine = (seen & ~owner) | self;
      if (!word_.compare_exchange_strong(seen, mine)) continue;
      std::uint64_t expected = mine;
      if (word_.compare_exchange_strong(expected, (mine & ~owner) + owner + 1)) return;
    }
  }

 private:
  static constexpr std::uint64_t owner = 255;
  std::atomic<std::uint64_t> word_{0};  // the count, times 256; plus its owner
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

RAVEL_EXPLORED({.bug = "obstruction_free",
                .half = explored::half::faulty,
                .kinds = {ravel::finding_kind::no_progress},
                .not_run_in = {"plain"},
                .body = body});
