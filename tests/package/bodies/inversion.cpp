// SPDX-License-Identifier: MIT
// Planted: store() and audit() take two locks in opposite orders.
#include <ravel/catch2.hpp>

#include "session_cache.hpp"

RAVEL_TEST_CASE("cache: an audit beside stores", "[cache]") {
  session_cache cache;
  trial.threads(1, "client", [&](ravel::worker&) { cache.store(1, 1); });
  trial.threads(1, "auditor", [&](ravel::worker&) { cache.audit(); });
  trial.run();
}
