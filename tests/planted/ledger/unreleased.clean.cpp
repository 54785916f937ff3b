// SPDX-License-Identifier: MIT
// The same, released by a ticket on every path.
#include "../planted.hpp"

#include <ravel/checks/ledger.hpp>
#include <stdexcept>

RAVEL_PLANTED(
    {.bug = "unreleased", .half = planted::half::clean, .options = {.rounds = 10}, .body = [](ravel::trial& trial) {
       ravel::checks::ledger entries{trial, "sessions"};
       trial.threads(4, "client", [&](ravel::worker& me) {
         for (int i = 0; i < 50; ++i) try {
             const auto ticket = entries.ticket(static_cast<int>(me.index()) * 100 + i);
             if (i == 25 && me.index() == 1) throw std::runtime_error("the session was refused");
           } catch (const std::runtime_error&) {
           }
       });
       trial.run();
     }});
