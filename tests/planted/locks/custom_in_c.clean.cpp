// SPDX-License-Identifier: MIT
// The same, but the locks are taken by address whichever way the money goes.
#include "accounts.h"
#include "bodies.hpp"

// Valgrind's race detectors follow no atomics.
RAVEL_PLANTED({.bug = "lock_custom_in_c",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {"helgrind", "drd"},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "payer", [](ravel::worker&) { ordered_transfer(account_at(0), account_at(1), 5); });
                 trial.threads(2, "payee", [](ravel::worker&) { ordered_transfer(account_at(1), account_at(0), 3); });
                 trial.run();
               }});
