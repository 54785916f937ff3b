// SPDX-License-Identifier: MIT
// scoped_lock orders nothing among its members, but a lock held outside of it comes before each of them: the
// inversion is against the second member, which interception sees tried only.
#include "bodies.hpp"

namespace {
std::mutex journal_lock, from_lock, to_lock;
turns order;
}  // namespace

RAVEL_PLANTED({.bug = "lock_group",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::lock_order},
               .lanes = {"plain", "thread", "address", "memcheck"},
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 order.start();
                 trial.thread("payer", [](ravel::worker&) {
                   order.take(0, [] {
                     guard c(journal_lock);
                     std::scoped_lock both(from_lock, to_lock);
                   });
                 });
                 trial.thread("auditor", [](ravel::worker&) {
                   order.take(1, [] {
                     guard b(to_lock);
                     guard c(journal_lock);
                   });
                 });
                 trial.run();
               }});
