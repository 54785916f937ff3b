// SPDX-License-Identifier: MIT
// Stating an invariant never hides a race. It takes a lock that the writer has taken, between the two phases and in the
// body's own thread: were that visible to the tool, it would order the writer, a thread of the target's own, before the
// body, which comes after it by a relaxed atomic that orders nothing.
#include "../planted.hpp"

#include <atomic>
#include <mutex>
#include <thread>

RAVEL_PLANTED({.bug = "race_beside_invariant",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::race},
               .lanes = {"thread"},  // Helgrind and DRD cannot look away from a lock
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 int shared = 0;
                 std::atomic<bool> is_written{false};
                 std::mutex lock;
                 std::thread writer([&] {
                   shared = 1;
                   const std::lock_guard guard(lock);
                   is_written.store(true, std::memory_order_relaxed);
                 });
                 while (!is_written.load(std::memory_order_relaxed)) std::this_thread::yield();
                 {
                   const auto looked = trial.invariant("it is looked at", [&] {
                     const std::lock_guard guard(lock);
                     return is_written.load();
                   });
                   trial.thread("other", [&](ravel::worker&) {});
                   trial.run();
                 }
                 volatile int read = shared;
                 trial.require(read >= 0, "it is no negative number");
                 writer.join();
               }});
