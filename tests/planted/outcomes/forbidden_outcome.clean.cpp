// SPDX-License-Identifier: MIT
// Twin: looking and coming are one step.
#include "../planted.hpp"

#include <atomic>

RAVEL_PLANTED({.bug = "forbidden_outcome",
               .half = planted::half::clean,
               .options = {.rounds = 300},
               .body = [](ravel::trial& trial) {
                 std::atomic<int> come{0};
                 int saw[2] = {};
                 trial.threads(2, "guest", [&](ravel::worker& me) { saw[me.index()] = come.fetch_add(1); });
                 trial.run();
                 trial.outcome({.expected = {{0, 1}, {1, 0}}, .forbidden = {{0, 0}}}, saw[0], saw[1]);
               }});
