// SPDX-License-Identifier: MIT
// A thread writes one element beyond its block.
#include "../planted.hpp"

RAVEL_PLANTED({.bug = "heap_overflow",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::memory_error},
               .lanes = {"address", "memcheck"},
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "writer", [](ravel::worker&) {
                   volatile int* volatile block = new volatile int[4]();
                   block[4] = 1;
                   delete[] block;
                 });
                 trial.run();
               }});
