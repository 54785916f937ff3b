// SPDX-License-Identifier: MIT
// Adding a check never hides a race. The reader comes after the writer's recorded calls each time, by a relaxed atomic
// that orders nothing: were the recorder's own synchronisation visible to the tool, it would order the two accesses.
#include "../planted.hpp"

#include <ravel/checks/linearizable.hpp>
#include <ravel/checks/models.hpp>

#include <atomic>
#include <thread>

RAVEL_PLANTED({.bug = "race_beside_history",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::race},
               .lanes = {"thread", "helgrind", "drd"},
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 const auto step = [](auto& of, auto... amount) {
                   of.steps.fetch_add((1 + ... + (amount - 1)), std::memory_order_relaxed);
                 };
                 struct state {
                   int shared = 0, own = 0;
                   std::atomic<bool> is_written{false};
                   std::atomic<int> steps{0};
                 } state;
                 ravel::checks::linearizable history{trial, state, [] { return ravel::checks::counter_model{}; }};
                 trial.thread("writer", [&](ravel::worker&) {
                   state.shared = 1;
                   history("add", step);
                   history("add", step, 2);
                   state.is_written.store(true, std::memory_order_relaxed);
                 });
                 trial.thread("reader", [&](ravel::worker& me) {
                   while (!state.is_written.load(std::memory_order_relaxed)) std::this_thread::yield();
                   history("add", step);
                   volatile int read = state.shared;
                   me.require(read >= 0, "it is no negative number");
                 });
                 trial.run();
               }});
