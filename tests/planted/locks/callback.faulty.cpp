// SPDX-License-Identifier: MIT
// A callback, called with the lock held, takes the lock again: the thread waits for itself.
#include "bodies.hpp"

#include <functional>

namespace {
class notifier {
 public:
  std::function<void()> on_change;
  void change() {
    guard hold(lock_);
    on_change();
  }
  int value() {
    guard hold(lock_);
    return value_;
  }

 private:
  std::mutex lock_;
  int value_ = 0;
};
}  // namespace

RAVEL_PLANTED({.bug = "lock_callback",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::self_deadlock},
               .lanes = {"plain", "thread", "address"},
               .options = {.rounds = 1, .round_limit = 5},
               .body = [](ravel::trial& trial) {
                 notifier subject;
                 subject.on_change = [&] { static_cast<void>(subject.value()); };
                 trial.thread("changer", [&](ravel::worker&) { subject.change(); });
                 trial.run();
               }});
