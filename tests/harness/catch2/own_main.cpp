// SPDX-License-Identifier: MIT
// A main of the user's wins over Ravel's.
#include "catch.hpp"

#include <ravel/catch2.hpp>

#include <iostream>

RAVEL_TEST_CASE("faulty", "", .rounds = 2) {
  trial.thread("client", [](ravel::worker&) { CHECK(false); });
  trial.run();
}

int main(int argc, char** argv) {
  std::cout << "my own main\n";
  return ravel::catch2_main(argc, argv);
}
