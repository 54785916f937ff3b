// SPDX-License-Identifier: MIT
// Planted: some keys are never released.
#include <ravel/checks/ledger.hpp>
#include <ravel/report.hpp>
#include <ravel/stress.hpp>

#include "session_cache.hpp"

int main() {
  const ravel::report report = ravel::stress({.name = "entries", .rounds = 200, .seed = 7}, [](ravel::trial& trial) {
    session_cache cache;
    ravel::checks::ledger sessions{trial, "sessions"};
    trial.threads(4, "client", [&](ravel::worker& me) {
      const int key = static_cast<int>(me.index());
      cache.store(key, 1);
      sessions.acquired(key);
      if (cache.release(key)) sessions.released(key);
    });
    trial.run();
  });
  ravel::print(report);
  return ravel::exit_code(report);
}
