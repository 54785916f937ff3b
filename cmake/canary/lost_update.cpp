// SPDX-License-Identifier: MIT
// Canary: a planted lost update that explore.points must find: a switch between the read and the write of an
// increment. Exit code 1 means that it was found.
#include <ravel/report.hpp>
#include <ravel/run_test.hpp>
#include <ravel/trial.hpp>
#include <ravel/worker.hpp>

int main() {
  const ravel::report result =
      ravel::run_test({.name = "canary: lost update", .executions = 500}, [](ravel::trial& trial) {
        int shared = 0;
        trial.threads(2, "adder", [&](ravel::worker&) {
          int volatile* const planted = &shared;
          *planted = *planted + 1;
        });
        trial.run();
        trial.require_equal(shared, 2, "no update is lost");
      });
  ravel::print(result);
  return ravel::exit_code(result);
}
