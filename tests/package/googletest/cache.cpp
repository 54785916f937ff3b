// SPDX-License-Identifier: MIT
// The report of a run is data, so any framework can judge it.
#include <ravel/checks/ledger.hpp>
#include <ravel/report.hpp>
#include <ravel/stress.hpp>
#include <gtest/gtest.h>

#include "session_cache.hpp"

TEST(Cache, EveryStoredEntryIsReleased) {
  const ravel::report report = ravel::stress({.name = "entries", .rounds = 200}, [](ravel::trial& trial) {
    session_cache cache;
    ravel::checks::ledger sessions{trial, "sessions"};
    trial.threads(4, "client", [&](ravel::worker& me) {
      const int key = static_cast<int>(me.index());
      cache.store(key, 1);
      cache.hit();
      sessions.acquired(key);
      if (cache.release(key)) sessions.released(key);
    });
    trial.run();
  });
  EXPECT_EQ(report.verdict, ravel::verdict::clean) << ravel::to_text(report);
}
