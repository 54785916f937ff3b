// SPDX-License-Identifier: MIT
// Two threads increment a plain int; the other half takes a lock around it.
#include "../planted.hpp"

#include <mutex>

namespace {
int sum_of_race_plain_faulty = 0;
}  // namespace

RAVEL_PLANTED({.bug = "race_plain",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::race},
               .lanes = {"thread", "helgrind", "drd"},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "adder",
                               [](ravel::worker& me) { me.repeat(50, [] { ++sum_of_race_plain_faulty; }); });
                 trial.run();
               }});
