// SPDX-License-Identifier: MIT
// Planted: hits are counted without a lock.
#include <ravel/catch2.hpp>

#include "session_cache.hpp"

RAVEL_TEST_CASE("cache: every hit is counted", "[cache]") {
  session_cache cache;
  trial.threads(4, "client", [&](ravel::worker&) {
    for (int i = 0; i < 100; ++i) cache.hit();
  });
  trial.run();
  trial.require(cache.hits() <= 400, "no hit is counted twice");
}
