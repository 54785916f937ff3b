// SPDX-License-Identifier: MIT
// The same, after the owner has handed the entry over.
#include "../planted.hpp"

#include <ravel/checks/ledger.hpp>

RAVEL_PLANTED({.bug = "foreign_release",
               .half = planted::half::clean,
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 ravel::checks::ledger entries{trial, "sessions", {.only_owner_releases = true}};
                 trial.threads(3, "client", [&](ravel::worker& me) {
                   entries.acquired(me.index());
                   entries.transferred(me.index(), "reaper");
                 });
                 trial.run();
                 trial.threads(3, "reaper", [&](ravel::worker& me) { entries.released(me.index()); });
                 trial.run();
               }});
