// SPDX-License-Identifier: MIT
// Planted: some keys are never released.
#include <ravel/catch2.hpp>
#include <ravel/checks/ledger.hpp>

#include "session_cache.hpp"

RAVEL_TEST_CASE("cache: every stored entry is released", "[cache]") {
  session_cache cache;
  ravel::checks::ledger entries{trial, "sessions"};
  trial.threads(4, "client", [&](ravel::worker& me) {
    const int key = static_cast<int>(me.index());
    cache.store(key, 1);
    entries.acquired(key);
    if (cache.release(key)) entries.released(key);
  });
  trial.run();
}
