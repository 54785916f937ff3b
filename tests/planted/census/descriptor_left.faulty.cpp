// SPDX-License-Identifier: MIT
// A file that the error path does not close, in every other round.
#include "../planted.hpp"

#include <fcntl.h>
#include <unistd.h>

RAVEL_PLANTED({.bug = "descriptor_left",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::leak},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "client", [](ravel::worker&) {});
                 trial.run();
                 const int file = open("/dev/null", O_RDONLY);
                 if (trial.number() % 2 == 0) return;  // an error path
                 close(file);
               }});
