// SPDX-License-Identifier: MIT
// A thread forgets the only pointer to its block.
#include "../planted.hpp"

#include <cstdlib>

RAVEL_PLANTED({.bug = "leak",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::leak},
               .lanes = {"address", "memcheck"},
               .options = {.rounds = 6},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "forgetter", [](ravel::worker&) {
                   void* volatile block = std::malloc(48);
                   static_cast<void>(block);
                   block = nullptr;
                 });
                 trial.run();
               }});
