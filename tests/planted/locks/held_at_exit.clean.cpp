// SPDX-License-Identifier: MIT
// The lock is given back by a thread-local destructor, the last thing the thread does.
#include "bodies.hpp"

namespace {
std::mutex job_lock;
struct releaser {
  bool holds = false;
  ~releaser() {
    if (holds) job_lock.unlock();
  }
};
thread_local releaser at_the_end;
}  // namespace

RAVEL_PLANTED({.bug = "lock_held_at_exit",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {},
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 trial.threads(2, "starter", [](ravel::worker&) {
                   std::thread helper([] {
                     job_lock.lock();
                     at_the_end.holds = true;
                   });
                   helper.join();
                 });
                 trial.run();
               }});
