// SPDX-License-Identifier: MIT
// A temporary file that the error path does not remove, in every other round.
#include "../planted.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace {

// The process that starts the others takes away what is left in the end.
struct folder {
  const pid_t owner = getpid();
  const std::string path = "/tmp/ravel-planted-temporary-" + std::to_string(owner);
  folder() { std::filesystem::create_directory(path); }
  ~folder() {
    if (getpid() == owner) std::filesystem::remove_all(path);
  }
} const here;

}  // namespace

RAVEL_PLANTED({.bug = "temporary_left",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::leak},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 20},
               .body = [](ravel::trial& trial) {
                 std::string name = here.path + "/partXXXXXX";
                 trial.threads(2, "client", [](ravel::worker&) {});
                 close(mkstemp(name.data()));
                 trial.run();
                 if (trial.number() % 2 == 0) return;  // an error path
                 unlink(name.c_str());
               }});
