// SPDX-License-Identifier: MIT
// Twin: only the second of them gives way, until the first has passed.
#include "pair.hpp"

#include <ravel/checks/progress.hpp>

#include <atomic>

namespace {

class narrow_door {
 public:
  void enter(unsigned self) {
    for (;;) {
      wants_[self].store(true);
      if (!wants_[1 - self].load()) return;
      if (self == 0) continue;  // the other will
      wants_[self].store(false);
      while (wants_[0].load()) {
      }
    }
  }
  void leave(unsigned self) { wants_[self].store(false); }

 private:
  std::atomic<bool> wants_[2] = {};
};

void body(ravel::trial& trial) {
  narrow_door door;
  ravel::checks::progress claims{trial, {.samples = 10}};
  claims.livelock_free("enter", "leave");
  trial.threads(2, "guest", [&](ravel::worker& me) {
    me.repeat(2, [&] {
      claims("enter", [&] { door.enter(me.index()); });
      claims("leave", [&] { door.leave(me.index()); });
    });
  });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "polite_threads", .half = explored::half::clean, .not_run_in = {"plain"}, .body = body});
