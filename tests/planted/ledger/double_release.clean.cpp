// SPDX-License-Identifier: MIT
// Owner and reaper agree on who releases.
#include "../planted.hpp"

#include <ravel/checks/ledger.hpp>

RAVEL_PLANTED(
    {.bug = "double_release", .half = planted::half::clean, .options = {.rounds = 10}, .body = [](ravel::trial& trial) {
       ravel::checks::ledger entries{trial, "sessions"};
       trial.threads(4, "client", [&](ravel::worker& me) {
         entries.acquired(me.index());
         if (me.index() != 2) entries.released(me.index());
       });
       trial.run();
       trial.thread("reaper", [&](ravel::worker&) { entries.released(2); });
       trial.run();
     }});
