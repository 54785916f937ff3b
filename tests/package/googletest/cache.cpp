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
  if (report.is_passed_over) GTEST_SKIP() << report.reason;
  EXPECT_EQ(ravel::exit_code(report), 0) << ravel::to_text(report);
}

// Nothing is wrong with it, and nothing must become wrong when a token names the other.
TEST(Cache, IsEmptyInTheEnd) {
  const ravel::report report = ravel::stress({.name = "empty", .rounds = 200}, [](ravel::trial& trial) {
    session_cache cache;
    trial.threads(4, "client", [&](ravel::worker&) {
      cache.store(1, 1);
      cache.release(1);
    });
    trial.run();
    trial.require(cache.empty(), "no entry is left");
  });
  if (report.is_passed_over) GTEST_SKIP() << report.reason;
  EXPECT_EQ(ravel::exit_code(report), 0) << ravel::to_text(report);
}
