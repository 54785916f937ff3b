// SPDX-License-Identifier: MIT
// The target is in a shared library: what its threads do there is under control, and its faults are found there.
#include "behaviour.hpp"

#include "library/tally.hpp"

RAVEL_BEHAVIOUR({.name = "a target in a shared library", .options = {}, .body = [](ravel::trial& trial) {
                   tally all;
                   trial.threads(2, "adder", [&](ravel::worker& me) {
                     const int before = tally::own_calls();
                     me.require_equal(tally::times_made(), 1, "made by whoever came first");
                     all.add(1);
                     all.add_elsewhere(1);
                     me.require_equal(tally::own_calls(), before + 1, "the other call was another thread's");
                   });
                   trial.thread("waiter", [&](ravel::worker& me) {
                     all.wait_for(4);
                     me.require_equal(all.total(), 4, "nothing was lost");
                   });
                   trial.run();
                 }});

#if !defined(HAS_NO_POINTS_IN_LIBRARY)
static const bool finds_update_in_two_steps =
    behaviour::variant() != "plain" &&
    behaviour::add({.name = "a lost update in a shared library",
                    .due = ravel::finding_kind::requirement,
                    .options = {},
                    .body = [](ravel::trial& trial) {
                      tally all;
                      trial.threads(2, "adder", [&](ravel::worker&) { all.add_in_two_steps(1); });
                      trial.run();
                      trial.require_equal(all.in_two_steps(), 2, "both were counted");
                    }});
#endif

// TSan calls it a race in each execution; without TSan it takes one in which an update is lost.
static const bool finds_unlocked_update =
    (behaviour::variant() == "points" || behaviour::variant() == "thread") &&
    behaviour::add(
        {.name = "a race in a shared library",
         .due = behaviour::variant() == "thread" ? ravel::finding_kind::race : ravel::finding_kind::requirement,
         .options = {},
         .body = [](ravel::trial& trial) {
           tally all;
           trial.threads(2, "adder", [&](ravel::worker&) { all.add_unlocked(1); });
           trial.run();
           if (behaviour::variant() == "points") trial.require_equal(all.unlocked(), 2, "both were counted");
         }});
