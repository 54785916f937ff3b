// SPDX-License-Identifier: MIT
// Canary: a planted use of freed memory that stress.address, stress.memcheck and explore.address must find.
// Each thread reads its own block after giving it back, so no race is involved. Exit code 1 means that it was found.
#include <ravel/report.hpp>
#include <ravel/run_test.hpp>
#include <ravel/trial.hpp>
#include <ravel/worker.hpp>

int main() {
  const ravel::report result =
      ravel::run_test({.name = "canary: use after free", .rounds = 2, .executions = 2}, [](ravel::trial& trial) {
        trial.threads(2, "reader", [](ravel::worker&) {
          int* volatile block = new int(1);
          delete block;
          const int volatile planted = *block;
          (void)planted;
        });
        trial.run();
      });
  ravel::print(result);
  return ravel::exit_code(result);
}
