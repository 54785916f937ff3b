// SPDX-License-Identifier: MIT
// A thread that nobody joins is left by every round.
#include "../planted.hpp"

#include <chrono>
#include <thread>

namespace {

void run_on() {
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

}  // namespace

RAVEL_PLANTED({.bug = "thread_left",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::thread_left},
               .lanes = {"plain", "thread", "address", "helgrind", "drd"},
               .options = {.rounds = 6},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "client", [](ravel::worker&) {});
                 trial.run();
                 std::thread(run_on).detach();
               }});
