// SPDX-License-Identifier: MIT
// A thread reads its block, then gives it back.
#include "../planted.hpp"

RAVEL_PLANTED(
    {.bug = "use_after_free", .half = planted::half::clean, .options = {.rounds = 3}, .body = [](ravel::trial& trial) {
       trial.threads(2, "reader", [](ravel::worker&) {
         int* volatile block = new int(1);
         volatile int read = *block;
         static_cast<void>(read);
         delete block;
       });
       trial.run();
     }});
