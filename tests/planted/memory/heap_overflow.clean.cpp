// SPDX-License-Identifier: MIT
// A thread writes the last element of its block.
#include "../planted.hpp"

RAVEL_PLANTED(
    {.bug = "heap_overflow", .half = planted::half::clean, .options = {.rounds = 3}, .body = [](ravel::trial& trial) {
       trial.threads(2, "writer", [](ravel::worker&) {
         volatile int* volatile block = new volatile int[4]();
         block[3] = 1;
         delete[] block;
       });
       trial.run();
     }});
