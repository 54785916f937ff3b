// SPDX-License-Identifier: MIT
// A pointer to a local variable is used while the variable is there.
#include "../planted.hpp"

RAVEL_PLANTED({.bug = "stack_use_after_scope",
               .half = planted::half::clean,
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "reader", [](ravel::worker&) {
                   volatile int local[4] = {1, 2, 3, 4};
                   volatile int* volatile kept = &local[1];
                   volatile int read = *kept;
                   static_cast<void>(read);
                 });
                 trial.run();
               }});
