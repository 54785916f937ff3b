// SPDX-License-Identifier: MIT
// Two objects that use the same keys of one pool: what is said of one is never taken for the other's.
#include "catch.hpp"

#include <ravel/annotate.h>
#include <ravel/checks/ledger.hpp>
#include <ravel/stress.hpp>

#include <string>
#include <vector>

using ravel::finding_kind;
using ravel::checks::ledger;

namespace {

ravel::report run(std::uint64_t rounds, const ravel::body& body) {
  ravel::stress_options options;
  options.name = "ledger owners";
  options.rounds = rounds;
  options.without = {"census"};
  return ravel::stress(options, body);
}

struct cache {
  int slots[8] = {};  // an address of its own
};

// What two threads, a cache each, do with their ledgers of one pool, in one round.
using part = void (*)(ledger& own, ledger& other, ravel::worker& me);

ravel::report run_twins(part what, ravel::checks::ledger_options options = {}, std::uint64_t rounds = 5) {
  return run(rounds, [=](ravel::trial& trial) {
    const cache left, right;
    ledger lefts{trial, "sessions", &left, options}, rights{trial, "sessions", &right, options};
    for (ledger* own : {&lefts, &rights}) {
      ledger* other = own == &lefts ? &rights : &lefts;
      trial.thread(own == &lefts ? "left" : "right", [=](ravel::worker& me) { what(*own, *other, me); });
    }
    trial.run();
  });
}

bool is_left(const ravel::worker& me) { return std::string(me.role()) == "left"; }

std::vector<finding_kind> kinds_of(const ravel::report& report) {
  std::vector<finding_kind> kinds;
  for (const ravel::finding& one : report.findings) kinds.push_back(one.kind);
  return kinds;
}

}  // namespace

TEST_CASE("ledger owners: two caches that acquire and release the same keys are clean", "[checks]") {
  const ravel::report report = run_twins(
      [](ledger& own, ledger&, ravel::worker&) {
        for (int i = 0; i < 200; ++i) {
          own.acquired(1);
          own.touched(1, "read");
          own.released(1);
          own.acquired("a key that is a text");
          own.released("a key that is a text");
          const auto ticket = own.ticket(2);
          ticket.touched("read");
        }
      },
      {.only_owner_releases = true});
  CHECK(report.verdict == ravel::verdict::clean);
}

TEST_CASE("ledger owners: the one that never releases is unreleased, and named by its pool alone", "[checks]") {
  const ravel::report report = run_twins([](ledger& own, ledger&, ravel::worker& me) {
    own.acquired(1);
    if (!is_left(me)) own.released(1);
  });
  REQUIRE(report.findings.size() == 1);
  const ravel::finding& found = report.findings[0];
  CHECK(found.kind == finding_kind::unreleased);
  CHECK(found.what == "pool=sessions key=1, 5 times (1 per round, rounds 1-5)");
  CHECK(found.actors.at(0).thread == "left#0");
}

TEST_CASE("ledger owners: a release by the wrong object does not make up for the missing one", "[checks]") {
  const ravel::report report = run_twins([](ledger& own, ledger& other, ravel::worker& me) {
    own.acquired(1);
    if (is_left(me)) return;
    own.released(1);
    other.acquired(2);
    own.released(2);
  });
  CHECK(kinds_of(report) ==
        std::vector<finding_kind>{finding_kind::unreleased, finding_kind::unreleased, finding_kind::double_release});
}

TEST_CASE("ledger owners: a second release and a use after it are found while the other object holds the key",
          "[checks]") {
  const auto body = [](bool is_used) {
    return [=](ravel::trial& trial) {
      const cache left, right;
      ledger lefts{trial, "sessions", &left}, rights{trial, "sessions", &right};
      trial.thread("client", [&](ravel::worker&) {
        rights.acquired(1);
        lefts.acquired(1);
        lefts.released(1);
        if (is_used)
          lefts.touched(1, "read late");
        else
          lefts.released(1);
        rights.released(1);
      });
      trial.run();
    };
  };
  const ravel::report twice = run(5, body(false));
  REQUIRE(kinds_of(twice) == std::vector<finding_kind>{finding_kind::double_release});
  CHECK(twice.findings[0].what == "pool=sessions key=1: released twice");
  const ravel::report late = run(5, body(true));
  REQUIRE(kinds_of(late) == std::vector<finding_kind>{finding_kind::use_after_release});
  CHECK(late.findings[0].what == "pool=sessions key=1: used after its release");
}

TEST_CASE("ledger owners: a release by the thread of the other object is foreign", "[checks]") {
  const ravel::report report = run(5, [](ravel::trial& trial) {
    const cache left, right;
    const ravel::checks::ledger_options options{.only_owner_releases = true};
    ledger lefts{trial, "sessions", &left, options}, rights{trial, "sessions", &right, options};
    trial.thread("left", [&](ravel::worker&) { lefts.acquired(1); });
    trial.thread("right", [&](ravel::worker&) { rights.acquired(1); });
    trial.run();
    trial.thread("right", [&](ravel::worker&) {
      rights.released(1);
      lefts.released(1);
    });
    trial.run();
  });
  REQUIRE(kinds_of(report) == std::vector<finding_kind>{finding_kind::foreign_release});
  CHECK(report.findings[0].actors.at(1).thread == "left#0");
}

TEST_CASE("ledger owners: what one object keeps on purpose does not excuse the other", "[checks]") {
  const ravel::report report = run_twins(
      [](ledger& own, ledger&, ravel::worker& me) {
        if (is_left(me)) {
          own.acquired(1);
          own.expect_retained(1, "kept for reuse");
        } else {
          own.acquired(1);
        }
      },
      {.growth_limit = 100}, 3);
  REQUIRE(kinds_of(report) == std::vector<finding_kind>{finding_kind::unreleased});
  CHECK(report.findings[0].actors.at(0).thread == "right#0");
}

TEST_CASE("ledger owners: unreleased in many objects at one place is one finding", "[checks]") {
  const ravel::report report = run(20, [](ravel::trial& trial) {
    cache caches[7];
    trial.thread("client", [&](ravel::worker&) {
      for (const cache& one : caches) RAVEL_ENTRY_ACQUIRED_IN(&one, "annotated", 1);
    });
    trial.run();
  });
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].what == "pool=annotated key=1, 140 times (7 per round, rounds 1-20)");
}

TEST_CASE("ledger owners: annotations tell objects apart, and a ledger of the same pool and owner joins in",
          "[checks]") {
  const auto body = [](bool is_right) {
    return [=](ravel::trial& trial) {
      const cache left, right;
      ledger lefts{trial, "annotated", &left};
      trial.thread("client", [&](ravel::worker&) {
        RAVEL_ENTRY_ACQUIRED_IN(&left, "annotated", 7);
        RAVEL_ENTRY_ACQUIRED_IN(&right, "annotated", 7);
        RAVEL_ENTRY_TOUCHED_IN(&right, "annotated", 7, "used");
        RAVEL_ENTRY_TRANSFERRED_IN(&right, "annotated", 7, "reaper");
        lefts.released(7);
        if (is_right)
          RAVEL_ENTRY_RELEASED_IN(&right, "annotated", 7);
        else
          RAVEL_ENTRY_RELEASED("annotated", 7);
      });
      trial.run();
    };
  };
  CHECK(run(5, body(true)).verdict == ravel::verdict::clean);
  const ravel::report wrong = run(5, body(false));
  CHECK(kinds_of(wrong) == std::vector<finding_kind>{finding_kind::unreleased, finding_kind::double_release});
}
