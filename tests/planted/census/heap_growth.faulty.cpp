// SPDX-License-Identifier: MIT
// Memory that stays reachable and grows: no leak to a leak detector.
#include "../planted.hpp"

#include <string>
#include <vector>

RAVEL_PLANTED({.bug = "heap_growth",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::growth},
               .lanes = {"plain", "thread", "address"},
               .options = {.rounds = 100},
               .body = [](ravel::trial& trial) {
                 static auto* kept = new std::vector<std::string>;
                 trial.threads(2, "client", [](ravel::worker&) {});
                 trial.run();
                 kept->emplace_back(100'000, 'x');
               }});
