// SPDX-License-Identifier: MIT
// A race, to be found whatever the user's sanitizer options say.
#include <ravel/catch2.hpp>

RAVEL_TEST_CASE("racy: a counter without a lock", "[lanes]") {
  int count = 0;
  trial.threads(2, "counter", [&](ravel::worker&) {
    for (int i = 0; i < 100; ++i) ++count;
  });
  trial.run();
  trial.require(count <= 200, "never more than was counted");
}
