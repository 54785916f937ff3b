// SPDX-License-Identifier: MIT
// Telling an outcome never hides a race. The body's thread comes after the writer by a relaxed atomic that orders
// nothing: were the counting visible to the tool, it might order the two accesses.
#include "../planted.hpp"

#include <atomic>
#include <thread>

RAVEL_PLANTED({.bug = "race_beside_outcome",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::race},
               .lanes = {"thread", "helgrind", "drd"},
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
                 trial.outcome({.interesting = {1}}, shared);
                 trial.thread("other", [&](ravel::worker&) {});
                 trial.run();
                 writer.join();
               }});
