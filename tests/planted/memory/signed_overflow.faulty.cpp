// SPDX-License-Identifier: MIT
// A signed sum overflows.
#include "../planted.hpp"

#include <limits>

RAVEL_PLANTED({.bug = "signed_overflow",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::undefined_behaviour},
               .lanes = {"address"},
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "adder", [](ravel::worker&) {
                   volatile int most = std::numeric_limits<int>::max();
                   volatile int sum = most + 1;
                   static_cast<void>(sum);
                 });
                 trial.run();
               }});
