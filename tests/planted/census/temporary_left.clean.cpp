// SPDX-License-Identifier: MIT
// Temporary files and folders that are removed again, by whom and how ever; one that is kept; one that is renamed.
#include "../planted.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

struct folder {
  const pid_t owner = getpid();
  const std::string path = "/tmp/ravel-planted-kept-" + std::to_string(owner);
  folder() { std::filesystem::create_directory(path); }
  ~folder() {
    if (getpid() == owner) std::filesystem::remove_all(path);
  }
} const here;

}  // namespace

RAVEL_PLANTED(
    {.bug = "temporary_left", .half = planted::half::clean, .options = {.rounds = 20}, .body = [](ravel::trial& trial) {
       std::string part = here.path + "/partXXXXXX", room = here.path + "/roomXXXXXX";
       std::ofstream(here.path + "/kept") << "once";
       close(mkstemp(part.data()));
       mkdtemp(room.data());
       std::ofstream(room + "/inside") << "text";
       trial.threads(2, "client", [&](ravel::worker& me) {
         if (me.index() == 0) std::filesystem::rename(part, here.path + "/kept");
       });
       trial.run();
       std::filesystem::remove_all(room);
     }});
