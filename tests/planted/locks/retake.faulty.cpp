// SPDX-License-Identifier: MIT
// A thread waits on a condition while it holds another lock. Woken, it wants the condition's mutex back from the
// notifier, which keeps it and wants the other lock: a deadlock inside pthread_cond_wait.
#include "bodies.hpp"

#include <condition_variable>

namespace {
std::mutex table_lock, queue_lock;
std::condition_variable changed;
}  // namespace

RAVEL_PLANTED({.bug = "lock_retake",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::deadlock},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 1},
               .body = [](ravel::trial& trial) {
                 meeting waiting;
                 bool is_ready = false;
                 trial.thread("waiter", [&](ravel::worker&) {
                   guard table(table_lock);
                   std::unique_lock queue(queue_lock);
                   waiting.arrive(1);
                   changed.wait(queue, [&] { return is_ready; });
                 });
                 trial.thread("notifier", [&](ravel::worker&) {
                   waiting.await(1);
                   guard queue(queue_lock);
                   is_ready = true;
                   changed.notify_one();
                   guard table(table_lock);
                 });
                 trial.run();
               }});
