// SPDX-License-Identifier: MIT
// Seven threads, seven locks; the last one takes them the other way round.
#include "bodies.hpp"

RAVEL_PLANTED({.bug = "lock_circle_of_seven",
               .half = planted::half::clean,
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 std::mutex forks[7];
                 trial.threads(7, "philosopher", [&](ravel::worker& me) {
                   const unsigned left = me.index() == 6 ? 0 : me.index(), right = me.index() == 6 ? 6 : left + 1;
                   guard a(forks[left]);
                   guard b(forks[right]);
                 });
                 trial.run();
               }});
