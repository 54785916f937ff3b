// SPDX-License-Identifier: MIT
// Message queues that are unlinked: after the close, and before it.
#include "../planted.hpp"

#include <fcntl.h>
#include <mqueue.h>
#include <unistd.h>

#include <string>

RAVEL_PLANTED(
    {.bug = "queue_left", .half = planted::half::clean, .options = {.rounds = 20}, .body = [](ravel::trial& trial) {
       mq_attr small{};
       small.mq_maxmsg = 1;
       small.mq_msgsize = 8;
       const std::string name =
           "/ravel-planted-removed-" + std::to_string(getpid()) + "-" + std::to_string(trial.number());
       const mqd_t queue = mq_open(name.c_str(), O_CREAT | O_RDWR, 0600, &small);
       if (trial.number() % 2 == 0) mq_unlink(name.c_str());
       trial.threads(2, "client", [](ravel::worker&) {});
       trial.run();
       mq_close(queue);
       if (trial.number() % 2 == 1) mq_unlink(name.c_str());
     }});
