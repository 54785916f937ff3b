// SPDX-License-Identifier: MIT
// Readers only, in opposite orders: they do not wait for each other. Helgrind reports it.
#include "bodies.hpp"

#include <shared_mutex>

namespace {
std::shared_mutex table_lock, index_lock;
}  // namespace

RAVEL_PLANTED({.bug = "lock_shared",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {"helgrind"},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 trial.thread("reader", [](ravel::worker&) {
                   std::shared_lock a(table_lock);
                   std::shared_lock b(index_lock);
                 });
                 trial.thread("seeker", [](ravel::worker&) {
                   std::shared_lock b(index_lock);
                   std::shared_lock a(table_lock);
                 });
                 trial.run();
               }});
