// SPDX-License-Identifier: MIT
// Seven threads, seven locks, each takes its own and its neighbour's, one thread after another.
#include "bodies.hpp"

RAVEL_PLANTED({.bug = "lock_circle_of_seven",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::lock_order},
               .lanes = {"plain", "thread", "address"},
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 std::mutex forks[7];
                 turns order;
                 order.start();
                 trial.threads(7, "philosopher", [&](ravel::worker& me) {
                   const unsigned left = me.index(), right = (left + 1) % 7;
                   order.take(static_cast<int>(left), [&] {
                     guard a(forks[left]);
                     guard b(forks[right]);
                   });
                 });
                 trial.run();
               }});
