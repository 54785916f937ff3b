// SPDX-License-Identifier: MIT
// What a body may rely on: phases, fresh state, random numbers from the seed, clear refusals.
#include "catch.hpp"
#include "shared_value.hpp"

#include <ravel/stress.hpp>

#include <atomic>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

ravel::stress_options rounds(std::uint64_t count, std::uint64_t seed = 1) {
  ravel::stress_options options;
  options.name = "trial";
  options.rounds = count;
  options.seed = seed;
  return options;
}

struct pick_log {
  std::atomic<std::uint32_t> size;
  std::int64_t values[4096];
  void add(std::int64_t value) { values[size.fetch_add(1) % 4096] = value; }
  [[nodiscard]] std::multiset<std::int64_t> all() const { return {values, values + size.load()}; }
};

std::string refusal_of(const ravel::body& body, ravel::stress_options options = rounds(3)) {
  const ravel::report report = ravel::stress(options, body);
  return report.verdict == ravel::verdict::misused ? report.reason : "";
}

}  // namespace

TEST_CASE("trial: all threads of a phase run once, phases follow each other", "[harness]") {
  shared_value<std::atomic<int>> wrong;
  const ravel::report report = ravel::stress(rounds(200), [&](ravel::trial& trial) {
    int first[5] = {}, second[3] = {};
    trial.threads(5, "first", [&](ravel::worker& me) { ++first[me.index()]; });
    trial.run();
    for (const int count : first) *wrong += count != 1;
    trial.threads(2, "second", [&](ravel::worker& me) { ++second[me.index()]; });
    trial.thread("third", [&](ravel::worker&) { ++second[2]; });
    trial.run();
    for (const int count : second) *wrong += count != 1;
  });
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(wrong->load() == 0);
  CHECK(report.threads_seen == 8);
}

TEST_CASE("trial: a role that is declared twice names each thread of the phase differently", "[harness]") {
  const ravel::report report = ravel::stress(rounds(1), [](ravel::trial& trial) {
    const auto fails = [&](const char* what) { return [&trial, what](ravel::worker&) { trial.require(false, what); }; };
    trial.thread("taker", fails("first"));
    trial.thread("taker", fails("second"));
    trial.run();
  });
  REQUIRE(report.findings.size() == 2);
  std::set<std::string> names;
  for (const ravel::finding& finding : report.findings) names.insert(finding.actors.at(0).thread);
  CHECK(names == std::set<std::string>{"taker#0", "taker#1"});
}

TEST_CASE("trial: a role is a text of any kind, and is copied", "[harness]") {
  shared_value<std::atomic<int>> wrong;
  const ravel::report report = ravel::stress(rounds(20), [&](ravel::trial& trial) {
    const std::string round = std::to_string(trial.number());
    std::string changed = "short";
    const char* seen[4] = {};
    trial.threads(2, "a name that no small buffer can hold, round " + round,
                  [&](ravel::worker& me) { seen[me.index()] = me.role(); });
    trial.thread(std::string_view("viewed not to the end").substr(0, 6),
                 [&](ravel::worker& me) { seen[2] = me.role(); });
    trial.thread(changed, [&](ravel::worker& me) {
      seen[3] = me.role();
      if (trial.number() == 7) me.require(false, "never the seventh");
    });
    changed = "other";
    trial.run();
    // Read after their phase, and after a further one.
    trial.thread("second", [](ravel::worker&) {});
    trial.run();
    for (const char* role : {seen[0], seen[1]})
      *wrong += std::string(role) != "a name that no small buffer can hold, round " + round;
    *wrong += std::string(seen[2]) != "viewed";
    *wrong += std::string(seen[3]) != "short";
  });
  CHECK(wrong->load() == 0);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].actors.at(0).thread == "short#0");
}

TEST_CASE("trial: a hundred threads on two cores pass the gate", "[harness]") {
  const ravel::report report = ravel::stress(rounds(5), [](ravel::trial& trial) {
    std::atomic<int> count{0};
    trial.threads(100, "client", [&](ravel::worker&) { ++count; });
    trial.run();
    trial.require_equal(count.load(), 100, "all ran");
  });
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(report.threads_seen == 100);
}

TEST_CASE("trial: random numbers come from seed, round and thread alone", "[harness]") {
  const auto picks = [](std::uint64_t seed) {
    shared_value<pick_log> seen;
    const auto report = ravel::stress(rounds(20, seed), [&](ravel::trial& trial) {
      seen->add(trial.pick(0, 1'000'000'000));
      trial.threads(4, "client", [&](ravel::worker& me) { seen->add(me.pick(0, 1'000'000'000)); });
      trial.run();
    });
    CHECK(report.verdict == ravel::verdict::clean);
    return seen->all();
  };
  CHECK(picks(7) == picks(7));
  CHECK(picks(7) != picks(8));
  CHECK(picks(7).size() == 100);
}

TEST_CASE("trial: pick covers its range, both ends included", "[harness]") {
  ravel::worker me(0, "client", 3);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(me.pick(-2, 2));
  CHECK(seen == std::set<std::int64_t>{-2, -1, 0, 1, 2});
  CHECK(me.pick(9, 9) == 9);
  CHECK_THROWS_AS(me.pick(2, 1), ravel::usage_error);
  const auto lowest = std::numeric_limits<std::int64_t>::min(), highest = std::numeric_limits<std::int64_t>::max();
  std::set<bool> signs;
  for (int i = 0; i < 100; ++i) signs.insert(me.pick(lowest, highest) < 0);
  CHECK(signs.size() == 2);
}

TEST_CASE("trial: require records value, place and count from any thread", "[harness]") {
  const ravel::report report = ravel::stress(rounds(10), [](ravel::trial& trial) {
    trial.threads(4, "client", [&](ravel::worker& me) { me.require_equal(me.index() / 4, 1u, "it is one"); });
    trial.run();
    trial.require(trial.number() != 3, "never the third");
  });
  REQUIRE(report.findings.size() == 2);
  for (const ravel::finding& finding : report.findings) {
    CHECK(finding.kind == ravel::finding_kind::requirement);
    REQUIRE(finding.actors.size() == 1);
    CHECK(finding.actors[0].place.file.find("trial.tests.cpp") != std::string::npos);
    if (finding.what.find("it is one") != std::string::npos) {
      CHECK(finding.what.find("0 is not equal to 1") != std::string::npos);
      CHECK(finding.trials_seen == 10);
      CHECK(finding.actors[0].thread.find("client#") == 0);
    } else {
      CHECK(finding.trials_seen == 1);
      CHECK(finding.first_trial == 3);
      CHECK(finding.actors[0].thread == "main");
    }
  }
}

TEST_CASE("trial: misuse is refused with what to write instead", "[harness]") {
  const auto nothing = [](ravel::worker&) {};
  CHECK(refusal_of([&](ravel::trial& t) { t.threads(0, "x", nothing); }).find("at least 1") != std::string::npos);
  CHECK(refusal_of([&](ravel::trial& t) { t.threads(2, "", nothing); }).find("no name") != std::string::npos);
  CHECK(refusal_of([&](ravel::trial& t) {
          t.threads(2, static_cast<const char*>(nullptr), nothing);
        }).find("no name") != std::string::npos);
  CHECK(refusal_of([&](ravel::trial& t) { t.threads(2, "x", {}); }).find("empty") != std::string::npos);
  CHECK(refusal_of([&](ravel::trial& t) { t.threads(2000, "x", nothing); }).find("most is 1000") != std::string::npos);
  CHECK(refusal_of([&](ravel::trial& t) { t.run(); }).find("no thread is declared") != std::string::npos);
  CHECK(refusal_of([&](ravel::trial& t) { t.threads(2, "x", nothing); }).find("never run") != std::string::npos);
  CHECK(refusal_of([&](ravel::trial& t) {
          t.threads(1, "x", [&](ravel::worker&) {
            t.threads(1, "y", nothing);
            t.run();
          });
          t.run();
        }).find("not by a worker") != std::string::npos);
  CHECK(refusal_of([&](ravel::trial& t) {
          t.threads(1, "x", [&](ravel::worker& me) { static_cast<void>(me.pick(2, 1)); });
          t.run();
        }).find("range is empty") != std::string::npos);
  CHECK(refusal_of({}).find("body is empty") != std::string::npos);
  CHECK(refusal_of([](ravel::trial&) {
          static_cast<void>(ravel::stress(rounds(1), [](ravel::trial&) {}));
        }).find("in flight") != std::string::npos);
}

TEST_CASE("trial: impossible options are refused", "[harness]") {
  const auto body = [](ravel::trial&) {};
  ravel::stress_options options = rounds(0);
  CHECK(refusal_of(body, options).find("rounds = 0") != std::string::npos);
  options = rounds(1);
  options.seconds = -1;
  CHECK(refusal_of(body, options).find("seconds") != std::string::npos);
  options = rounds(1);
  options.round_limit = 0;
  CHECK(refusal_of(body, options).find("round_limit") != std::string::npos);
  options = rounds(1);
  options.without = {"no_such_check"};
  CHECK(refusal_of(body, options).find("no_such_check") != std::string::npos);
  options = rounds(1);
  options.suppressions = {{"x", "", ""}};
  CHECK(refusal_of(body, options).find("reason") != std::string::npos);
}

TEST_CASE("trial: the time budget ends the run, after one round at least", "[harness]") {
  ravel::stress_options options = rounds(1'000'000'000);
  options.seconds = 0.2;
  const ravel::report report = ravel::stress(options, [](ravel::trial& trial) {
    trial.threads(2, "client", [](ravel::worker&) {});
    trial.run();
  });
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(report.trials_run >= 1);
  CHECK(report.trials_run < 1'000'000'000);
  CHECK(report.seconds < 20);
}

TEST_CASE("trial: noise disturbs, and changes nothing else", "[harness]") {
  ravel::stress_options options = rounds(20);
  options.noise = {.yields_per_1000 = 300, .sleeps_per_1000 = 50, .longest_sleep_us = 20, .migrations_per_1000 = 100};
  const ravel::report report = ravel::stress(options, [](ravel::trial& trial) {
    std::atomic<int> count{0};
    trial.threads(3, "client", [&](ravel::worker& me) { me.repeat(50, [&] { ++count; }); });
    trial.run();
    trial.require_equal(count.load(), 150, "every operation ran");
  });
  CHECK(report.verdict == ravel::verdict::clean);
}
