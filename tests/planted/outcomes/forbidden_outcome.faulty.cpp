// SPDX-License-Identifier: MIT
// Planted: each of two threads looks whether the other one has come, and then comes; both may have seen nobody.
#include "../planted.hpp"

#include <atomic>
#include <thread>

RAVEL_PLANTED({.bug = "forbidden_outcome",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::outcome},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 300},
               .body = [](ravel::trial& trial) {
                 std::atomic<int> come{0};
                 int saw[2] = {};
                 trial.threads(2, "guest", [&](ravel::worker& me) {
                   saw[me.index()] = come.load();
                   std::this_thread::yield();
                   come.fetch_add(1);
                 });
                 trial.run();
                 trial.outcome({.expected = {{0, 1}, {1, 0}}, .forbidden = {{0, 0}}}, saw[0], saw[1]);
               }});
