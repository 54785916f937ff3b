// SPDX-License-Identifier: MIT
// A lock on the body's stack that two threads take in opposite orders with a static one: the pair to the one
// whose address is used again by another lock.
#include "bodies.hpp"

namespace {
std::mutex pool_lock;
}  // namespace

RAVEL_PLANTED({.bug = "lock_address_reuse",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::lock_order},
               .lanes = {"plain", "thread", "address", "memcheck"},
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 std::mutex job_lock;
                 turns order;
                 order.start();
                 trial.thread("taker", [&](ravel::worker&) {
                   order.take(0, [&] {
                     guard a(pool_lock);
                     guard b(job_lock);
                   });
                 });
                 trial.thread("giver", [&](ravel::worker&) {
                   order.take(1, [&] {
                     guard b(job_lock);
                     guard a(pool_lock);
                   });
                 });
                 trial.run();
               }});
