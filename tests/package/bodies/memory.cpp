// SPDX-License-Identifier: MIT
// Planted: rename() reads what it has freed.
#include <ravel/catch2.hpp>

#include "session_cache.hpp"

RAVEL_TEST_CASE("cache: a session can be renamed", "[cache]") {
  trial.threads(2, "client", [](ravel::worker& me) {
    me.require(session_cache::rename(static_cast<int>(me.index())) > 0, "a name has a length");
  });
  trial.run();
}
