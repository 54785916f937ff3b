// SPDX-License-Identifier: MIT
// Entries kept for reuse, up to a bound: a plateau.
#include "../planted.hpp"

#include <ravel/checks/ledger.hpp>

RAVEL_PLANTED({.bug = "retained_growth",
               .half = planted::half::clean,
               .options = {.rounds = 40},
               .body = [](ravel::trial& trial) {
                 static int kept = 0;
                 ravel::checks::ledger entries{trial, "pool"};
                 trial.thread("client", [&](ravel::worker&) {
                   if (kept == 8) return;
                   entries.acquired(kept);
                   entries.expect_retained(kept++, "kept for reuse");
                 });
                 trial.run();
               }});
