// SPDX-License-Identifier: MIT
// Unlinked on every path; one segment is made once and kept until the process that starts the rounds ends.
#include "../planted.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

namespace {

struct kept_segment {
  const pid_t owner = getpid();
  const std::string name = "/ravel-planted-kept-" + std::to_string(owner);
  ~kept_segment() {
    if (getpid() == owner) shm_unlink(name.c_str());
  }
} const kept;

}  // namespace

RAVEL_PLANTED(
    {.bug = "segment_left", .half = planted::half::clean, .options = {.rounds = 20}, .body = [](ravel::trial& trial) {
       close(shm_open(kept.name.c_str(), O_CREAT | O_RDWR, 0600));
       const std::string name = kept.name + "-" + std::to_string(trial.number());
       close(shm_open(name.c_str(), O_CREAT | O_RDWR, 0600));
       trial.threads(2, "client", [](ravel::worker&) {});
       trial.run();
       shm_unlink(name.c_str());
     }});
