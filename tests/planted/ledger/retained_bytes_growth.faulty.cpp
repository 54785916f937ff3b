// SPDX-License-Identifier: MIT
// A class-level cache whose memory is kept for reuse and grows with each round.
#include "../planted.hpp"

#include <ravel/checks/ledger.hpp>

RAVEL_PLANTED({.bug = "retained_bytes_growth",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::growth},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 40},
               .body = [](ravel::trial& trial) {
                 static std::uint64_t bytes = 0;
                 ravel::checks::ledger entries{trial, "pool"};
                 trial.threads(2, "client", [](ravel::worker&) {});
                 trial.run();
                 bytes += 1000 + static_cast<std::uint64_t>(trial.pick(0, 200));
                 entries.retained_bytes(bytes);
               }});
