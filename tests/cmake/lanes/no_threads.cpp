// SPDX-License-Identifier: MIT
// A body that never runs a thread.
#include <ravel/catch2.hpp>

RAVEL_TEST_CASE("no threads: nothing was run", "[lanes]") { trial.require(true, "holds, but says nothing"); }
