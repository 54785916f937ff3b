// SPDX-License-Identifier: MIT
// Two threads increment a plain int under a lock.
#include "../planted.hpp"

#include <mutex>

namespace {
std::mutex lock_of_race_plain;
int sum_of_race_plain_clean = 0;
}  // namespace

RAVEL_PLANTED(
    {.bug = "race_plain", .half = planted::half::clean, .options = {.rounds = 20}, .body = [](ravel::trial& trial) {
       trial.threads(2, "adder", [](ravel::worker& me) {
         me.repeat(50, [] {
           const std::lock_guard guard(lock_of_race_plain);
           ++sum_of_race_plain_clean;
         });
       });
       trial.run();
     }});
