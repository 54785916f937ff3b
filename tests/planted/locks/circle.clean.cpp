// SPDX-License-Identifier: MIT
// Three threads, three locks; each takes the lower-numbered one first.
#include "bodies.hpp"

#include <algorithm>

RAVEL_PLANTED({.bug = "lock_circle_of_three",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {"helgrind"},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 std::mutex forks[3];
                 trial.threads(3, "philosopher", [&](ravel::worker& me) {
                   const unsigned left = me.index(), right = (left + 1) % 3;
                   guard a(forks[std::min(left, right)]);
                   guard b(forks[std::max(left, right)]);
                 });
                 trial.run();
               }});
