// SPDX-License-Identifier: MIT
// An unsigned sum wraps around, which is defined.
#include "../planted.hpp"

#include <limits>

RAVEL_PLANTED(
    {.bug = "signed_overflow", .half = planted::half::clean, .options = {.rounds = 3}, .body = [](ravel::trial& trial) {
       trial.threads(2, "adder", [](ravel::worker&) {
         volatile unsigned most = std::numeric_limits<unsigned>::max();
         volatile unsigned sum = most + 1u;
         static_cast<void>(sum);
       });
       trial.run();
     }});
