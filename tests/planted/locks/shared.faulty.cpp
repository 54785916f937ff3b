// SPDX-License-Identifier: MIT
// A reader of the table wants the log, a writer of the log wants to write the table.
#include "bodies.hpp"

#include <shared_mutex>

namespace {
std::shared_mutex table_lock;
std::mutex log_lock;
turns order;
}  // namespace

RAVEL_PLANTED({.bug = "lock_shared",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::lock_order},
               .lanes = {"plain", "thread", "address", "memcheck"},
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 order.start();
                 trial.thread("reader", [](ravel::worker&) {
                   order.take(0, [] {
                     std::shared_lock read(table_lock);
                     guard b(log_lock);
                   });
                 });
                 trial.thread("writer", [](ravel::worker&) {
                   order.take(1, [] {
                     guard b(log_lock);
                     std::unique_lock write(table_lock);
                   });
                 });
                 trial.run();
               }});
