// SPDX-License-Identifier: MIT
// A shared memory segment that the error path does not unlink, in every other round.
#include "../planted.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace {

// Every process that runs rounds leaves names of its own; the one that starts them takes away what is left in the end.
struct segments {
  const pid_t owner = getpid();
  const std::string stem = "ravel-planted-left-" + std::to_string(owner) + "-";
  ~segments() {
    if (getpid() != owner) return;
    for (const auto& one : std::filesystem::directory_iterator("/dev/shm"))
      if (const std::string name = one.path().filename(); name.starts_with(stem)) shm_unlink(("/" + name).c_str());
  }
} const left;

}  // namespace

RAVEL_PLANTED({.bug = "segment_left",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::leak},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 const std::string name =
                     "/" + left.stem + std::to_string(getpid()) + "-" + std::to_string(trial.number());
                 close(shm_open(name.c_str(), O_CREAT | O_RDWR, 0600));
                 trial.threads(2, "client", [](ravel::worker&) {});
                 trial.run();
                 if (trial.number() % 2 == 0) return;  // an error path
                 shm_unlink(name.c_str());
               }});
