// SPDX-License-Identifier: MIT
// The same with a bound, under noise.
#include "../planted.hpp"

#include <ravel/checks/ledger.hpp>

RAVEL_PLANTED({.bug = "retained_bytes_growth",
               .half = planted::half::clean,
               .options = {.rounds = 40},
               .body = [](ravel::trial& trial) {
                 ravel::checks::ledger entries{trial, "pool"};
                 trial.threads(2, "client", [](ravel::worker&) {});
                 trial.run();
                 entries.retained_bytes(50'000 + static_cast<std::uint64_t>(trial.pick(0, 20'000)));
               }});
