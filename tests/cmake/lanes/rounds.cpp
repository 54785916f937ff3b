// SPDX-License-Identifier: MIT
// Fails in every round, so that its report tells how many there were; and looks at what CMake passed on.
#include <ravel/catch2.hpp>

#include <cstdlib>
#include <string>

RAVEL_TEST_CASE("rounds: as many as CMake said", "[lanes]") {
  const char* const text = std::getenv("TEXT");
  trial.threads(2, "reader", [](ravel::worker&) {});
  trial.run();
  trial.require(text != nullptr && std::string(text) == "a b", "ENVIRONMENT arrives");
}
