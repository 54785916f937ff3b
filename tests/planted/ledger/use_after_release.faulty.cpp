// SPDX-License-Identifier: MIT
// A reader keeps an entry's name past its release and uses it.
#include "../planted.hpp"

#include <ravel/checks/ledger.hpp>

RAVEL_PLANTED({.bug = "use_after_release",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::use_after_release},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 ravel::checks::ledger entries{trial, "sessions"};
                 trial.threads(4, "client", [&](ravel::worker& me) {
                   entries.acquired(me.index());
                   entries.released(me.index());
                   entries.touched(me.index(), "read the size");
                 });
                 trial.run();
               }});
