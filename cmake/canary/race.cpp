// SPDX-License-Identifier: MIT
// Canary: a planted data race that stress.thread, stress.helgrind, stress.drd and explore.thread must find.
// Two threads increment a plain int without a lock. Exit code 1 means that it was found.
#include <ravel/report.hpp>
#include <ravel/run_test.hpp>
#include <ravel/trial.hpp>
#include <ravel/worker.hpp>

int main() {
  const ravel::report result =
      ravel::run_test({.name = "canary: race", .rounds = 20, .executions = 20}, [](ravel::trial& trial) {
        int shared = 0;
        trial.threads(2, "racer", [&](ravel::worker&) {
          for (int i = 0; i < 100; ++i) {
            int volatile* const planted = &shared;
            *planted = *planted + 1;
          }
        });
        trial.run();
      });
  ravel::print(result);
  return ravel::exit_code(result);
}
