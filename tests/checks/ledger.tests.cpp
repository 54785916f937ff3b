// SPDX-License-Identifier: MIT
// The ledger on whole runs: every kind it finds, what it says of it, and what it must not say.
#include "catch.hpp"

#include <ravel/annotate.h>
#include <ravel/checks/ledger.hpp>
#include <ravel/stress.hpp>

#include <csignal>
#include <string>

using ravel::finding_kind;
using ravel::checks::ledger;

namespace {

ravel::report run(std::uint64_t rounds, const ravel::body& body, std::vector<std::string> without = {"census"}) {
  ravel::stress_options options;
  options.name = "ledger";
  options.rounds = rounds;
  options.round_limit = 60;
  options.without = std::move(without);
  return ravel::stress(options, body);
}

const ravel::finding* first(const ravel::report& report, finding_kind kind) {
  for (const ravel::finding& one : report.findings)
    if (one.kind == kind) return &one;
  return nullptr;
}

std::string notes_of(const ravel::report& report) {
  std::string all;
  for (const std::string& note : report.notes) all += note + "\n";
  return all;
}

[[gnu::noinline]] void store(ledger& entries, int key) { entries.acquired(key); }
[[gnu::noinline]] void drop(ledger& entries, int key) { entries.released(key); }

}  // namespace

TEST_CASE("ledger: an entry left at the end of the round is unreleased, with its story", "[checks]") {
  const ravel::report report = run(20, [](ravel::trial& trial) {
    ledger entries{trial, "sessions"};
    trial.threads(4, "client", [&](ravel::worker& me) {
      for (int i = 0; i < 10; ++i) {
        const int key = static_cast<int>(me.index()) * 100 + i;
        store(entries, key);
        const bool is_skipped = me.index() == 2 && i == 5 && trial.number() >= 3 && trial.number() < 20;
        if (is_skipped)
          entries.touched(key, "handed to retry queue");
        else
          drop(entries, key);
      }
    });
    trial.run();
  });
  CHECK(report.verdict == ravel::verdict::faulty);
  REQUIRE(report.findings.size() == 1);
  const ravel::finding& found = report.findings[0];
  CHECK(found.kind == finding_kind::unreleased);
  CHECK(found.check == "ledger");
  CHECK(found.what == "pool=sessions key=205, 17 times (1 per round, rounds 3-19)");
  CHECK(found.first_trial == 3);
  CHECK(found.trials_seen == 17);
  REQUIRE(found.actors.size() == 3);
  CHECK(found.actors[0].thread == "client#2");
  CHECK(found.actors[0].action == "acquired it and holds it still");
  CHECK(found.actors[0].object == "since round 3");
  CHECK(found.actors[0].place.function.find("store") != std::string::npos);
  CHECK(found.actors[1].action == "touched it last");
  CHECK(found.actors[1].object == "\"handed to retry queue\"");
  CHECK(found.actors[2].action == "were released");
  CHECK(found.actors[2].place.function.find("drop") != std::string::npos);
  REQUIRE_FALSE(found.notes.empty());
  // up to the last round that had one: 19 * 40 - 17
  CHECK(found.notes[0].find("743 other entries acquired there were released") == 0);
}

TEST_CASE("ledger: balanced use is silent, whoever releases and however often a key is held", "[checks]") {
  const ravel::report report = run(50, [](ravel::trial& trial) {
    ledger entries{trial, "sessions"};
    trial.threads(4, "client", [&](ravel::worker& me) {
      for (int i = 0; i < 20; ++i) {
        entries.acquired(i % 3);
        entries.touched(i % 3, "looked at");
        entries.released(i % 3);
        entries.acquired(1000 + me.index());
      }
    });
    trial.run();
    trial.threads(4, "reaper", [&](ravel::worker& me) {
      for (int i = 0; i < 20; ++i) entries.released(1000 + me.index());
    });
    trial.run();
  });
  CHECK(ravel::to_text(report).find("clean") == 0);
  CHECK(report.verdict == ravel::verdict::clean);
}

TEST_CASE("ledger: a second release shows the first", "[checks]") {
  const ravel::report report = run(5, [](ravel::trial& trial) {
    ledger entries{trial, "sessions"};
    trial.thread("client", [&](ravel::worker&) {
      entries.acquired(7);
      drop(entries, 7);
      entries.released(7);
    });
    trial.run();
  });
  const ravel::finding* found = first(report, finding_kind::double_release);
  REQUIRE(found != nullptr);
  CHECK(report.findings.size() == 1);
  CHECK(found->what == "pool=sessions key=7: released twice");
  CHECK(found->trials_seen == 5);
  REQUIRE(found->actors.size() == 3);
  CHECK(found->actors[1].action == "released it first");
  CHECK(found->actors[1].place.function.find("drop") != std::string::npos);
}

TEST_CASE("ledger: a release of what nobody acquired says so", "[checks]") {
  const ravel::report report = run(2, [](ravel::trial& trial) {
    ledger entries{trial, "sessions"};
    trial.thread("client", [&](ravel::worker&) { entries.released("never"); });
    trial.run();
  });
  const ravel::finding* found = first(report, finding_kind::double_release);
  REQUIRE(found != nullptr);
  CHECK(found->what == "pool=sessions key=\"never\": released, but nobody holds it");
}

TEST_CASE("ledger: use after release, by key and by ticket", "[checks]") {
  const ravel::report report = run(3, [](ravel::trial& trial) {
    ledger entries{trial, "sessions"};
    trial.thread("client", [&](ravel::worker&) {
      entries.acquired("a key that is much too long to be shown whole");
      entries.released("a key that is much too long to be shown whole");
      entries.touched("a key that is much too long to be shown whole", "sent");
    });
    trial.run();
  });
  const ravel::finding* found = first(report, finding_kind::use_after_release);
  REQUIRE(found != nullptr);
  CHECK(found->what == "pool=sessions key=\"a key that is mu...\": used after its release");
  CHECK(found->actors[0].object == "\"sent\"");
  CHECK(report.findings.size() == 1);
}

TEST_CASE("ledger: tickets release themselves, once, and can be moved", "[checks]") {
  const ravel::report clean = run(20, [](ravel::trial& trial) {
    ledger entries{trial, "sessions"};
    trial.threads(3, "client", [&](ravel::worker& me) {
      auto one = entries.ticket(me.index());
      auto other = std::move(one);
      one = entries.ticket(5);
      other.touched("looked at");
      one = std::move(other);
      me.require(one.is_held() && !other.is_held(), "moved");  // NOLINT: the state after a move is defined here
      one.release();
      one.release();
    });
    trial.run();
  });
  CHECK(ravel::to_text(clean).find("clean") == 0);
  const ravel::report twice = run(3, [](ravel::trial& trial) {
    ledger entries{trial, "sessions"};
    trial.thread("client", [&](ravel::worker&) {
      const auto ticket = entries.ticket(9);
      entries.released(9);
    });
    trial.run();
  });
  CHECK(first(twice, finding_kind::double_release) != nullptr);
}

TEST_CASE("ledger: only the owner releases, when that is asked for", "[checks]") {
  const auto body = [](bool is_asked, bool is_transferred) {
    return [=](ravel::trial& trial) {
      ledger entries{trial, "sessions", {.only_owner_releases = is_asked}};
      trial.thread("client", [&](ravel::worker&) {
        entries.acquired(1);
        if (is_transferred) entries.transferred(1, "reaper");
      });
      trial.run();
      trial.threads(2, "reaper", [&](ravel::worker& me) {
        if (me.index() == 1) entries.released(1);
      });
      trial.run();
    };
  };
  CHECK(run(5, body(false, false)).verdict == ravel::verdict::clean);
  CHECK(run(5, body(true, true)).verdict == ravel::verdict::clean);
  const ravel::report foreign = run(5, body(true, false));
  REQUIRE(foreign.findings.size() == 1);
  CHECK(foreign.findings[0].kind == finding_kind::foreign_release);
  CHECK(foreign.findings[0].actors[0].thread == "reaper#1");
  CHECK(foreign.findings[0].actors[1].thread == "client#0");
}

TEST_CASE("ledger: retained entries that grow are growth, a plateau is a note", "[checks]") {
  const auto body = [](int bound) {
    return [=](ravel::trial& trial) {
      static int next = 0;
      ledger entries{trial, "pool"};
      trial.thread("client", [&](ravel::worker&) {
        if (next == bound) return;
        entries.acquired(next);
        entries.expect_retained(next++, "class-level cache");
      });
      trial.run();
    };
  };
  const ravel::report growing = run(40, body(-1));
  REQUIRE(growing.findings.size() == 1);
  CHECK(growing.findings[0].kind == finding_kind::growth);
  CHECK(growing.findings[0].what ==
        "pool=pool keeps 1 more entries with each round: 1 after round 1, 40 after round 40");
  const ravel::report plateau = run(40, body(5));
  CHECK(plateau.verdict == ravel::verdict::clean);
  CHECK(notes_of(plateau).find("5 entries retained after the last round (class-level cache): a plateau") !=
        std::string::npos);
  const ravel::report few = run(6, body(-1));
  CHECK(few.verdict == ravel::verdict::clean);
  CHECK(notes_of(few).find("too few to tell growth from filling") != std::string::npos);
}

TEST_CASE("ledger: a count of retained entries is a bound", "[checks]") {
  const auto body = [](int left) {
    return [=](ravel::trial& trial) {
      ledger entries{trial, "pool"};
      trial.thread("client", [&](ravel::worker&) {
        if (trial.number() != 1) return;
        for (int key = 0; key < left; ++key) store(entries, key);
      });
      trial.run();
      entries.expect_retained_entries(3, "kept for reuse");
    };
  };
  CHECK(run(20, body(3)).verdict == ravel::verdict::clean);
  CHECK(first(run(20, body(4)), finding_kind::unreleased) != nullptr);
}

TEST_CASE("ledger: entries of the test's scope may live over rounds, not beyond the last", "[checks]") {
  const auto body = [](std::uint64_t last_release) {
    return [=](ravel::trial& trial) {
      ledger entries{trial, "pool", {.scope = ravel::checks::entry_scope::test}};
      trial.thread("client", [&](ravel::worker&) {
        if (trial.number() > 1 && trial.number() <= last_release) entries.released(trial.number() - 1);
        entries.acquired(trial.number());
        if (trial.number() == 10) entries.released(trial.number());
      });
      trial.run();
    };
  };
  CHECK(run(10, body(10)).verdict == ravel::verdict::clean);
  const ravel::report left = run(10, body(9));
  REQUIRE(left.findings.size() == 1);
  CHECK(left.findings[0].kind == finding_kind::unreleased);
  CHECK(left.findings[0].actors[0].object == "since round 9");
}

TEST_CASE("ledger: what is held when the process dies is no finding, but said", "[checks]") {
  const ravel::report report = run(10, [](ravel::trial& trial) {
    ledger entries{trial, "sessions"};
    trial.thread("client", [&](ravel::worker&) {
      entries.acquired(1);
      if (trial.number() == 4) raise(SIGKILL);
      entries.released(1);
    });
    trial.run();
  });
  CHECK(first(report, finding_kind::unreleased) == nullptr);
  CHECK(report.trials_run == 10);
  CHECK(notes_of(report).find("pool sessions: 1 entry was held when the process died in round 4") != std::string::npos);
}

TEST_CASE("ledger: findings of rounds before a crash are kept", "[checks]") {
  const ravel::report report = run(10, [](ravel::trial& trial) {
    ledger entries{trial, "sessions"};
    trial.thread("client", [&](ravel::worker&) {
      if (trial.number() <= 3) entries.acquired(1);
      if (trial.number() == 4) raise(SIGKILL);
    });
    trial.run();
  });
  const ravel::finding* found = first(report, finding_kind::unreleased);
  REQUIRE(found != nullptr);
  CHECK(found->what == "pool=sessions key=1, 3 times (1 per round, rounds 1-3)");
}

TEST_CASE("ledger: annotations reach the pool of their name", "[checks]") {
  const ravel::report report = run(5, [](ravel::trial& trial) {
    int object = 0;
    trial.thread("client", [&](ravel::worker&) {
      RAVEL_ENTRY_ACQUIRED("annotated", &object);
      RAVEL_ENTRY_TOUCHED("annotated", &object, "used");
      RAVEL_ENTRY_TRANSFERRED("annotated", &object, "reaper");
      RAVEL_ENTRY_RELEASED("annotated", &object);
      RAVEL_ENTRY_ACQUIRED("annotated", 4711);
    });
    trial.run();
  });
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].kind == finding_kind::unreleased);
  CHECK(report.findings[0].what == "pool=annotated key=4711, 5 times (1 per round, rounds 1-5)");
}

TEST_CASE("ledger: when it is full the run is undecided and says what it did not track", "[checks]") {
  const ravel::report report = run(1, [](ravel::trial& trial) {
    ledger entries{trial, "sessions"};
    trial.thread("client", [&](ravel::worker&) {
      constexpr int count = (1 << 22) + 10;
      for (int key = 0; key < count; ++key) entries.acquired(key);
      for (int key = 0; key < count; ++key) entries.released(key);
    });
    trial.run();
  });
  CHECK(report.verdict == ravel::verdict::undecided);
  CHECK(report.findings.empty());
  CHECK(notes_of(report).find("11 entries were not tracked") != std::string::npos);
}

TEST_CASE("ledger: switched off by name it says nothing; a pool needs a name", "[checks]") {
  const auto body = [](ravel::trial& trial) {
    ledger entries{trial, "sessions"};
    trial.thread("client", [&](ravel::worker&) { entries.acquired(1); });
    trial.run();
  };
  CHECK(run(3, body).verdict == ravel::verdict::faulty);
  CHECK(run(3, body, {"ledger"}).verdict == ravel::verdict::clean);
  CHECK(run(3, [](ravel::trial& trial) { ledger entries{trial, ""}; }).verdict == ravel::verdict::misused);
}
