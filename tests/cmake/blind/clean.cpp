// SPDX-License-Identifier: MIT
// Nothing is wrong here: what keeps this lane from passing is its canary alone.
#include <ravel/report.hpp>
#include <ravel/run_test.hpp>
#include <ravel/trial.hpp>
#include <ravel/worker.hpp>

int main() {
  const ravel::report report = ravel::run_test({.name = "clean"}, [](ravel::trial& trial) {
    trial.threads(2, "loner", [](ravel::worker&) {});
    trial.run();
  });
  ravel::print(report);
  return ravel::exit_code(report);
}
