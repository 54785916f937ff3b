// SPDX-License-Identifier: MIT
// Twin: what is told is the body's own.
#include "../planted.hpp"

#include <atomic>
#include <thread>

RAVEL_PLANTED({.bug = "race_beside_outcome",
               .half = planted::half::clean,
               .lanes = {"drd"},  // which takes the atomic that the body itself reads for a race
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 int shared = 0, own = 0;
                 std::atomic<bool> is_written{false};
                 std::thread writer([&] {
                   shared = 1;
                   is_written.store(true, std::memory_order_relaxed);
                 });
                 trial.outcome({.expected = {0}}, own);
                 while (!is_written.load(std::memory_order_relaxed)) std::this_thread::yield();
                 trial.outcome({.expected = {0}}, own);
                 trial.outcome({.interesting = {1}}, own);
                 trial.thread("other", [&](ravel::worker&) {});
                 trial.run();
                 writer.join();
               }});
