// SPDX-License-Identifier: MIT
// An exception path that skips the release of one entry in a hundred.
#include "../planted.hpp"

#include <ravel/checks/ledger.hpp>
#include <stdexcept>

RAVEL_PLANTED({.bug = "unreleased",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::unreleased},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 ravel::checks::ledger entries{trial, "sessions"};
                 trial.threads(4, "client", [&](ravel::worker& me) {
                   for (int i = 0; i < 50; ++i) try {
                       const int key = static_cast<int>(me.index()) * 100 + i;
                       entries.acquired(key);
                       if (i == 25 && me.index() == 1) throw std::runtime_error("the session was refused");
                       entries.released(key);
                     } catch (const std::runtime_error&) {
                     }
                 });
                 trial.run();
               }});
