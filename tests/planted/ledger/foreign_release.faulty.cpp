// SPDX-License-Identifier: MIT
// A thread releases an entry that another one owns.
#include "../planted.hpp"

#include <ravel/checks/ledger.hpp>

RAVEL_PLANTED({.bug = "foreign_release",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::foreign_release},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 ravel::checks::ledger entries{trial, "sessions", {.only_owner_releases = true}};
                 trial.threads(3, "client", [&](ravel::worker& me) { entries.acquired(me.index()); });
                 trial.run();
                 trial.threads(3, "reaper", [&](ravel::worker& me) { entries.released(me.index()); });
                 trial.run();
               }});
