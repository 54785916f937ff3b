// SPDX-License-Identifier: MIT
// The lock-order check runs in every lane without being asked: it watches all locks of the target and reports
// orders that can end in a deadlock, also when none happened. Switch it off with .without = {"lock_order"}.
// This header is for the rare wish to change how it judges, from inside a body.
// Cost: an uncontended lock and unlock about 20 ns more, 60 ns with another lock held.
//
//   ravel::checks::lock_order strict{trial, {.order_only_fails = true}};
#pragma once

#include <ravel/trial.hpp>

namespace ravel::checks {

struct lock_order_options {
  // Opposite orders that something keeps apart today (a guard held by both, a join in between, a single thread,
  // a time limit) are reported but do not fail the test. true: they fail it, in this run from now on.
  bool order_only_fails = false;
};

class lock_order {
 public:
  explicit lock_order(trial& trial, lock_order_options options = {}) noexcept;
};

}  // namespace ravel::checks
