// SPDX-License-Identifier: MIT
// The same two locks, always in the same order.
#include "bodies.hpp"

namespace {
std::mutex cache_lock, statistics_lock;
}  // namespace

RAVEL_PLANTED({.bug = "lock_ab_ba",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 trial.threads(4, "client", [](ravel::worker&) {
                   guard a(cache_lock);
                   guard b(statistics_lock);
                 });
                 trial.run();
               }});
