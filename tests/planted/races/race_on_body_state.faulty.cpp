// SPDX-License-Identifier: MIT
// The counter is a local variable of the body: it lies on the stack of the thread that runs it.
#include "../planted.hpp"

RAVEL_PLANTED({.bug = "race_on_body_state",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::race},
               .lanes = {"thread", "helgrind", "drd"},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 int sum = 0;
                 trial.threads(2, "adder", [&](ravel::worker& me) { me.repeat(50, [&] { ++sum; }); });
                 trial.run();
                 trial.require(sum >= 0, "the sum is positive");
               }});
