// SPDX-License-Identifier: MIT
// Canary: a planted use of freed memory that stress.address and stress.memcheck must find.
// Each thread reads its own block after giving it back, so no race is involved. Exit code 1 means that it was found.
#include <ravel/report.hpp>
#include <ravel/stress.hpp>
#include <ravel/trial.hpp>
#include <ravel/worker.hpp>

int main() {
  const ravel::report result = ravel::stress({.name = "canary: use after free", .rounds = 2}, [](ravel::trial& trial) {
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
