// SPDX-License-Identifier: MIT
// A thread reads its block after giving it back.
#include "../planted.hpp"

RAVEL_PLANTED({.bug = "use_after_free",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::memory_error},
               .lanes = {"address", "memcheck"},
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "reader", [](ravel::worker&) {
                   int* volatile block = new int(1);
                   delete block;
                   volatile int read = *block;
                   static_cast<void>(read);
                 });
                 trial.run();
               }});
