// SPDX-License-Identifier: MIT
// Entries kept for reuse that are never reused: more with every round.
#include "../planted.hpp"

#include <ravel/checks/ledger.hpp>

RAVEL_PLANTED({.bug = "retained_growth",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::growth},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 40},
               .body = [](ravel::trial& trial) {
                 static int kept = 0;
                 ravel::checks::ledger entries{trial, "pool"};
                 trial.thread("client", [&](ravel::worker&) {
                   entries.acquired(kept);
                   entries.expect_retained(kept++, "kept for reuse");
                 });
                 trial.run();
               }});
