// SPDX-License-Identifier: MIT
// Threads are joined, or end soon after they were let go; a pool of two is made once.
#include "../planted.hpp"

#include <chrono>
#include <thread>

namespace {

void run_on() {
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

}  // namespace

RAVEL_PLANTED(
    {.bug = "thread_left", .half = planted::half::clean, .options = {.rounds = 6}, .body = [](ravel::trial& trial) {
       static const bool has_pool = [] {
         for (int i = 0; i < 2; ++i) std::thread(run_on).detach();
         return true;
       }();
       static_cast<void>(has_pool);
       trial.threads(2, "client", [](ravel::worker&) {});
       trial.run();
       std::thread([] {}).join();
       std::thread([] {}).detach();
     }});
