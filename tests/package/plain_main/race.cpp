// SPDX-License-Identifier: MIT
// Planted: hits are counted without a lock.
#include <ravel/report.hpp>
#include <ravel/stress.hpp>

#include "session_cache.hpp"

int main() {
  const ravel::report report = ravel::stress({.name = "hits", .rounds = 200, .seed = 7}, [](ravel::trial& trial) {
    session_cache cache;
    trial.threads(4, "client", [&](ravel::worker&) {
      for (int i = 0; i < 100; ++i) cache.hit();
    });
    trial.run();
  });
  ravel::print(report);
  return ravel::exit_code(report);
}
