// SPDX-License-Identifier: MIT
// Two threads insert into one std::map. Its nodes may break, so a crash shows it, too.
#include "../planted.hpp"

#include <map>
#include <memory>

RAVEL_PLANTED({.bug = "race_in_map",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::race, ravel::finding_kind::crash, ravel::finding_kind::memory_error,
                         ravel::finding_kind::hang},
               .lanes = {"thread", "helgrind", "drd"},
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 auto map = std::make_unique<std::map<int, int>>();
                 trial.threads(2, "inserter", [&](ravel::worker& me) {
                   for (int i = 0; i < 8; ++i) (*map)[i * 2 + static_cast<int>(me.index())] = i;
                 });
                 trial.run();
               }});
