// SPDX-License-Identifier: MIT
// scoped_lock and std::lock in opposite orders, with a lock outside, and a try-lock inside: no order at all.
// Helgrind reports scoped_lock in opposite orders.
#include "bodies.hpp"

namespace {
std::mutex journal_lock, from_lock, to_lock;
}  // namespace

RAVEL_PLANTED({.bug = "lock_group",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {"helgrind"},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 trial.thread("payer", [](ravel::worker&) {
                   {
                     std::scoped_lock both(from_lock, to_lock);
                   }
                   guard c(journal_lock);
                   std::scoped_lock both(from_lock, to_lock);
                 });
                 trial.thread("payee", [](ravel::worker&) {
                   std::scoped_lock both(to_lock, from_lock);
                   if (journal_lock.try_lock()) journal_lock.unlock();
                 });
                 trial.run();
               }});
