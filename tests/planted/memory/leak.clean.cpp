// SPDX-License-Identifier: MIT
// A thread frees its block.
#include "../planted.hpp"

#include <cstdlib>

RAVEL_PLANTED({.bug = "leak", .half = planted::half::clean, .options = {.rounds = 6}, .body = [](ravel::trial& trial) {
                 trial.threads(2, "keeper", [](ravel::worker&) {
                   void* volatile block = std::malloc(48);
                   std::free(block);
                 });
                 trial.run();
               }});
