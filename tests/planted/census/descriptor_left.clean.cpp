// SPDX-License-Identifier: MIT
// Closed on every path; one descriptor is opened once and kept.
#include "../planted.hpp"

#include <fcntl.h>
#include <unistd.h>

RAVEL_PLANTED({.bug = "descriptor_left",
               .half = planted::half::clean,
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 static const int kept = open("/dev/zero", O_RDONLY);
                 static_cast<void>(kept);
                 trial.threads(2, "client", [](ravel::worker&) {});
                 trial.run();
                 close(open("/dev/null", O_RDONLY));
               }});
