// SPDX-License-Identifier: MIT
// A history of two threads that share nothing: the recorder's own memory must not be told as a race either.
#include "../planted.hpp"

#include <ravel/checks/linearizable.hpp>
#include <ravel/checks/models.hpp>

#include <atomic>
#include <thread>

RAVEL_PLANTED({.bug = "race_beside_history",
               .half = planted::half::clean,
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
                   volatile int read = state.own;
                   me.require(read >= 0, "it is no negative number");
                 });
                 trial.run();
               }});
