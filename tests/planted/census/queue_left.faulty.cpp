// SPDX-License-Identifier: MIT
// A message queue that is closed and not unlinked in every other round.
#include "../planted.hpp"

#include <fcntl.h>
#include <mqueue.h>
#include <unistd.h>

#include <string>

namespace {

std::string name_for(std::uint64_t round, pid_t owner) {
  return "/ravel-planted-queue-" + std::to_string(owner) + "-" + std::to_string(round);
}

// The process that starts the others takes away what is left in the end.
struct queues {
  const pid_t owner = getpid();
  ~queues() {
    for (std::uint64_t round = 1; getpid() == owner && round <= 20; ++round) mq_unlink(name_for(round, owner).c_str());
  }
} const left;

}  // namespace

RAVEL_PLANTED({.bug = "queue_left",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::leak},
               .lanes = {"plain", "thread", "address"},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 mq_attr small{};
                 small.mq_maxmsg = 1;
                 small.mq_msgsize = 8;
                 const std::string name = name_for(trial.number(), left.owner);
                 mq_close(mq_open(name.c_str(), O_CREAT | O_RDWR, 0600, &small));
                 trial.threads(2, "client", [](ravel::worker&) {});
                 trial.run();
                 if (trial.number() % 2 == 1) mq_unlink(name.c_str());
               }});
