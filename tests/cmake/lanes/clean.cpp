// SPDX-License-Identifier: MIT
// Nothing is wrong here.
#include <ravel/catch2.hpp>

RAVEL_TEST_CASE("clean: threads that share nothing", "[lanes]") {
  trial.threads(2, "loner", [](ravel::worker& me) { me.require(me.index() < 2, "two threads"); });
  trial.run();
}
