// SPDX-License-Identifier: MIT
// Woken, the thread has to wait for its mutex for a while, because the notifier is slow to give it up; with and without
// a time limit. It holds nothing else that the notifier wants.
#include "bodies.hpp"

#include <chrono>
#include <condition_variable>

namespace {
std::mutex queue_lock;
std::condition_variable changed;
}  // namespace

RAVEL_PLANTED({.bug = "lock_retake",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {},
               .options = {.rounds = 1},
               .body = [](ravel::trial& trial) {
                 meeting waiting;
                 bool is_ready = false;
                 trial.threads(2, "waiter", [&](ravel::worker& me) {
                   std::unique_lock queue(queue_lock);
                   waiting.arrive(1);
                   const auto is_changed = [&] { return is_ready; };
                   if (me.index() == 0)
                     changed.wait(queue, is_changed);
                   else
                     changed.wait_for(queue, std::chrono::seconds(30), is_changed);
                 });
                 trial.thread("notifier", [&](ravel::worker&) {
                   waiting.await(2);
                   guard queue(queue_lock);
                   is_ready = true;
                   changed.notify_all();
                   std::this_thread::sleep_for(std::chrono::milliseconds(400));
                 });
                 trial.run();
               }});
