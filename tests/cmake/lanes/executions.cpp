// SPDX-License-Identifier: MIT
// An update that explore mode loses in some execution, so that its report tells how many there were.
#include <ravel/catch2.hpp>

RAVEL_TEST_CASE("executions: as many as CMake said", "[lanes]") {
  int count = 0;
  trial.threads(2, "adder", [&](ravel::worker&) {
    int* const shared = &count;
    *shared = *shared + 1;
  });
  trial.run();
  trial.require_equal(count, 2, "no update is lost");
}
