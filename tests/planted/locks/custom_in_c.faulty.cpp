// SPDX-License-Identifier: MIT
// C code with annotated spin locks of its own transfers in both directions, in turn: found as possible.
#include "accounts.h"
#include "bodies.hpp"

namespace {
turns order;
}  // namespace

RAVEL_PLANTED({.bug = "lock_custom_in_c",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::lock_order},
               .lanes = {"plain", "thread", "address", "memcheck"},
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 order.start();
                 trial.thread("payer",
                              [](ravel::worker&) { order.take(0, [] { transfer(account_at(0), account_at(1), 5); }); });
                 trial.thread("payee",
                              [](ravel::worker&) { order.take(1, [] { transfer(account_at(1), account_at(0), 3); }); });
                 trial.run();
               }});
