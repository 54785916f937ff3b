// SPDX-License-Identifier: MIT
// Three threads, three locks, each takes its own and its neighbour's. Locks of fresh state, one a round.
#include "bodies.hpp"

RAVEL_PLANTED({.bug = "lock_circle_of_three",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::lock_order},
               .lanes = {"plain", "thread", "address", "memcheck"},
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 std::mutex forks[3];
                 turns order;
                 order.start();
                 trial.threads(3, "philosopher", [&](ravel::worker& me) {
                   const unsigned left = me.index(), right = (left + 1) % 3;
                   order.take(static_cast<int>(left), [&] {
                     guard a(forks[left]);
                     guard b(forks[right]);
                   });
                 });
                 trial.run();
               }});
