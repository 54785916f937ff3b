// SPDX-License-Identifier: MIT
// A pointer to a local variable is used after the variable's block has ended.
#include "../planted.hpp"

RAVEL_PLANTED({.bug = "stack_use_after_scope",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::memory_error},
               .lanes = {"address"},
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "reader", [](ravel::worker&) {
                   volatile int* volatile kept = nullptr;
                   {
                     volatile int local[4] = {1, 2, 3, 4};
                     kept = &local[1];
                   }
                   volatile int read = *kept;
                   static_cast<void>(read);
                 });
                 trial.run();
               }});
