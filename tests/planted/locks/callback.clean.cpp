// SPDX-License-Identifier: MIT
// The callback is called with the lock given back; a recursive lock taken twice is no fault either.
#include "bodies.hpp"

#include <functional>

namespace {
class notifier {
 public:
  std::function<void()> on_change;
  void change() {
    {
      guard hold(lock_);
    }
    on_change();
  }
  int value() {
    guard hold(lock_);
    std::lock_guard<std::recursive_mutex> once(depth_), twice(depth_);
    return value_;
  }

 private:
  std::mutex lock_;
  std::recursive_mutex depth_;
  int value_ = 0;
};
}  // namespace

RAVEL_PLANTED({.bug = "lock_callback",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 notifier subject;
                 subject.on_change = [&] { static_cast<void>(subject.value()); };
                 trial.threads(2, "changer", [&](ravel::worker&) { subject.change(); });
                 trial.run();
               }});
