// SPDX-License-Identifier: MIT
// Owner and reaper both release what they find: two releases of each entry.
#include "../planted.hpp"

#include <ravel/checks/ledger.hpp>

RAVEL_PLANTED({.bug = "double_release",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::double_release},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 ravel::checks::ledger entries{trial, "sessions"};
                 trial.threads(4, "client", [&](ravel::worker& me) {
                   entries.acquired(me.index());
                   entries.released(me.index());
                 });
                 trial.run();
                 trial.thread("reaper", [&](ravel::worker&) { entries.released(2); });
                 trial.run();
               }});
