// SPDX-License-Identifier: MIT
// The same with a bound.
#include "../planted.hpp"

#include <string>
#include <vector>

RAVEL_PLANTED(
    {.bug = "heap_growth", .half = planted::half::clean, .options = {.rounds = 100}, .body = [](ravel::trial& trial) {
       static auto* kept = new std::vector<std::string>;
       trial.threads(2, "client", [](ravel::worker&) {});
       trial.run();
       if (kept->size() < 20) kept->emplace_back(100'000, 'x');
     }});
