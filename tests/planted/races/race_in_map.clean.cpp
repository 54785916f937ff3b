// SPDX-License-Identifier: MIT
// Two threads insert into one std::map under a lock.
#include "../planted.hpp"

#include <map>
#include <memory>
#include <mutex>

RAVEL_PLANTED(
    {.bug = "race_in_map", .half = planted::half::clean, .options = {.rounds = 10}, .body = [](ravel::trial& trial) {
       auto map = std::make_unique<std::map<int, int>>();
       std::mutex lock;
       trial.threads(2, "inserter", [&](ravel::worker& me) {
         for (int i = 0; i < 8; ++i) {
           const std::lock_guard guard(lock);
           (*map)[i * 2 + static_cast<int>(me.index())] = i;
         }
       });
       trial.run();
       trial.require_equal(map->size(), std::size_t{16}, "every key is there");
     }});
