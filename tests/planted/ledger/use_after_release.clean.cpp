// SPDX-License-Identifier: MIT
// The reader is done before the release.
#include "../planted.hpp"

#include <ravel/checks/ledger.hpp>

RAVEL_PLANTED({.bug = "use_after_release",
               .half = planted::half::clean,
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 ravel::checks::ledger entries{trial, "sessions"};
                 trial.threads(4, "client", [&](ravel::worker& me) {
                   entries.acquired(me.index());
                   entries.touched(me.index(), "read the size");
                   entries.released(me.index());
                 });
                 trial.run();
               }});
