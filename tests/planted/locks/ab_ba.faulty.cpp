// SPDX-License-Identifier: MIT
// Cache and statistics are locked in opposite orders, in turn, so that no round hangs: found as possible.
#include "bodies.hpp"

namespace {
std::mutex cache_lock, statistics_lock;
turns order;
}  // namespace

RAVEL_PLANTED({.bug = "lock_ab_ba",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::lock_order},
               .lanes = {"plain", "thread", "address", "memcheck"},
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 order.start();
                 trial.thread("storer", [](ravel::worker&) {
                   order.take(0, [] {
                     guard a(cache_lock);
                     guard b(statistics_lock);
                   });
                 });
                 trial.thread("printer", [](ravel::worker&) {
                   order.take(1, [] {
                     guard b(statistics_lock);
                     guard a(cache_lock);
                   });
                 });
                 trial.run();
               }});
