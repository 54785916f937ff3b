// SPDX-License-Identifier: MIT
// The ledger between two threads that share nothing: its own synchronisation must not be told as a race either.
#include "../planted.hpp"

#include <ravel/checks/ledger.hpp>

#include <atomic>
#include <thread>

RAVEL_PLANTED({.bug = "race_beside_ledger",
               .half = planted::half::clean,
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 struct state {
                   int shared = 0, own = 0;
                   std::atomic<bool> is_written{false};
                 } state;
                 ravel::checks::ledger entries{trial, "entries"};
                 trial.thread("writer", [&](ravel::worker&) {
                   state.shared = 1;
                   entries.acquired(1);
                   entries.released(1);
                   state.is_written.store(true, std::memory_order_relaxed);
                 });
                 trial.thread("reader", [&](ravel::worker& me) {
                   while (!state.is_written.load(std::memory_order_relaxed)) std::this_thread::yield();
                   entries.acquired(2);
                   entries.released(2);
                   volatile int read = state.own;
                   me.require(read >= 0, "it is no negative number");
                 });
                 trial.run();
               }});
