// SPDX-License-Identifier: MIT
// Outcomes of trials: what is counted, what is a finding, and what must not be counted twice.
#include "catch.hpp"
#include "environment_variable.hpp"
#include "report/words.hpp"

#include <ravel/explore.hpp>
#include <ravel/stress.hpp>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

using ravel::finding_kind;
using ravel::outcome_kind;
using ravel::verdict;

namespace {

ravel::report stressed(const ravel::body& body, std::uint64_t rounds = 100) {
  return ravel::stress({.name = "outcomes", .rounds = rounds}, body);
}

void one_thread(ravel::trial& trial) {
  trial.thread("worker", [](ravel::worker&) {});
  trial.run();
}

std::map<std::string, std::uint64_t> counts(const ravel::outcome_histogram& histogram) {
  std::map<std::string, std::uint64_t> all;
  for (const ravel::outcome_count& one : histogram.values) all[one.value] = one.count;
  return all;
}

outcome_kind kind_of(const ravel::outcome_histogram& histogram, std::string_view value) {
  for (const ravel::outcome_count& one : histogram.values)
    if (one.value == value) return one.kind;
  FAIL("no value " << value);
  return outcome_kind::unlisted;
}

// Each reads under a lock and writes under it later: an update may be lost.
void lost_update(ravel::trial& trial) {
  int count = 0;
  std::mutex mutex;
  trial.threads(2, "adder", [&](ravel::worker&) {
    mutex.lock();
    const int before = count;
    mutex.unlock();
    mutex.lock();
    count = before + 1;
    mutex.unlock();
  });
  trial.run();
  trial.outcome({.expected = {2}, .forbidden = {1}}, count);
}

}  // namespace

TEST_CASE("outcome: values are counted by their lists, and those that never came are told", "[harness]") {
  const ravel::report report = stressed([](ravel::trial& trial) {
    one_thread(trial);
    const int a = static_cast<int>(trial.number() % 2), b = 1 - a;
    trial.outcome({.expected = {{0, 1}, {0, 0}}, .interesting = {{1, 0}}, .forbidden = {{1, 1}}}, a, b);
  });
  CHECK(report.verdict == verdict::clean);
  CHECK(report.findings.empty());
  REQUIRE(report.outcomes.size() == 1);
  const ravel::outcome_histogram& histogram = report.outcomes.front();
  CHECK(histogram.file.ends_with("outcome.tests.cpp"));
  CHECK(counts(histogram) ==
        std::map<std::string, std::uint64_t>{{"(0, 0)", 0}, {"(0, 1)", 50}, {"(1, 0)", 50}, {"(1, 1)", 0}});
  CHECK(kind_of(histogram, "(0, 1)") == outcome_kind::expected);
  CHECK(kind_of(histogram, "(1, 0)") == outcome_kind::interesting);
  CHECK(kind_of(histogram, "(1, 1)") == outcome_kind::forbidden);
  CHECK(histogram.others == 0);
}

TEST_CASE("outcome: a forbidden value is a finding of its trial, and others go on", "[harness]") {
  const ravel::report report = stressed([](ravel::trial& trial) {
    one_thread(trial);
    trial.outcome({.forbidden = {7}}, trial.number() < 8 ? trial.number() : 7);
  });
  CHECK(report.verdict == verdict::faulty);
  REQUIRE(report.findings.size() == 1);
  const ravel::finding& found = report.findings.front();
  CHECK(found.kind == finding_kind::outcome);
  CHECK(found.what == "7 is forbidden");
  CHECK(found.first_trial == 7);
  CHECK(found.trials_seen == 94);
  CHECK(found.actors.at(0).thread == "main");
  CHECK(found.actors.at(0).place.file.ends_with("outcome.tests.cpp"));
  CHECK(counts(report.outcomes.at(0)).at("7") == 94);
}

TEST_CASE("outcome: a value in no list is a finding only if something is expected", "[harness]") {
  const auto body_with = [](bool expects) {
    return [expects](ravel::trial& trial) {
      one_thread(trial);
      const int value = trial.number() == 3 ? 9 : 1;
      if (expects)
        trial.outcome({.expected = {1}}, value);
      else
        trial.outcome({.interesting = {1}}, value);
    };
  };
  const ravel::report strict = stressed(body_with(true)), lenient = stressed(body_with(false));
  REQUIRE(strict.findings.size() == 1);
  CHECK(strict.findings.front().what == "9 is in none of the lists");
  CHECK(strict.findings.front().first_trial == 3);
  CHECK(lenient.verdict == verdict::clean);
  CHECK(kind_of(lenient.outcomes.at(0), "9") == outcome_kind::unlisted);
  CHECK(counts(lenient.outcomes.at(0)) == std::map<std::string, std::uint64_t>{{"1", 99}, {"9", 1}});
}

TEST_CASE("outcome: what came before a crash is not lost", "[harness]") {
  const ravel::report report = stressed([](ravel::trial& trial) {
    one_thread(trial);
    trial.outcome({.expected = {true}}, true);
    if (trial.number() % 10 == 5) std::abort();
  });
  CHECK(report.verdict == verdict::faulty);
  CHECK(counts(report.outcomes.at(0)).at("true") == report.trials_run);
}

TEST_CASE("outcome: texts, enumerations and several values", "[harness]") {
  enum class color { red, green };
  const ravel::report report = stressed(
      [](ravel::trial& trial) {
        one_thread(trial);
        const std::string name = "\x1bred";
        trial.outcome({.expected = {{"\x1bred", color::green, true}}}, name, color::green, true);
      },
      5);
  CHECK(report.verdict == verdict::clean);
  CHECK(counts(report.outcomes.at(0)) == std::map<std::string, std::uint64_t>{{"(\"\\x1bred\", 1, true)", 5}});
}

TEST_CASE("outcome: places are told apart, and so is what there is no room for", "[harness]") {
  const ravel::report report = stressed(
      [](ravel::trial& trial) {
        one_thread(trial);
        trial.outcome({}, trial.number());
        trial.outcome({.interesting = {1}}, 1);
      },
      300);
  CHECK(report.verdict == verdict::clean);
  REQUIRE(report.outcomes.size() == 2);
  CHECK(report.outcomes[0].values.size() == 256);
  CHECK(report.outcomes[0].others == 44);
  CHECK(counts(report.outcomes[1]).at("1") == 300);
  CHECK(ravel::to_text(report).find("  others     44  14.67%  in no list, and beyond the 256") != std::string::npos);
}

TEST_CASE("outcome: misuse is refused", "[harness]") {
  const auto refusal_of = [](const ravel::body& body) {
    const ravel::report report = stressed(body, 3);
    CHECK(report.verdict == verdict::misused);
    return report.reason;
  };
  CHECK(refusal_of([](ravel::trial& trial) {
          one_thread(trial);
          trial.outcome({.expected = {{0, 1}}, .forbidden = {{1, 1}, {0, 1}}}, 0, 1);
        }).find("(0, 1) is both expected and forbidden") != std::string::npos);
  CHECK(refusal_of([](ravel::trial& trial) {
          trial.thread("worker", [&](ravel::worker&) { trial.outcome({}, 1); });
          trial.run();
        }).find("trial.outcome() must be called by the thread that runs the body") != std::string::npos);
}

TEST_CASE("outcome: explore finds, replays and minimises it without counting twice", "[harness]") {
  for (const ravel::engine_choice engine : {ravel::engine_choice::user, ravel::engine_choice::kernel}) {
    const ravel::report report = ravel::explore({.name = "outcomes", .executions = 200, .engine = engine}, lost_update);
    REQUIRE(report.findings.size() == 1);
    const ravel::finding& found = report.findings.front();
    CHECK(found.kind == finding_kind::outcome);
    CHECK(found.what == "1 is forbidden");
    CHECK(found.replays == found.replays_shown);
    CHECK(found.replays != 0);
    CHECK(found.is_minimised);
    const auto seen = counts(report.outcomes.at(0));
    CHECK(seen.at("1") == found.trials_seen);
    CHECK(seen.at("1") + seen.at("2") == 200);
    const environment_variable replay("RAVEL_REPLAY", found.token);
    const ravel::report again = ravel::explore({.name = "outcomes", .engine = engine}, lost_update);
    REQUIRE(again.findings.size() == 1);
    CHECK(again.findings.front().what == "1 is forbidden");
    CHECK(counts(again.outcomes.at(0)) == std::map<std::string, std::uint64_t>{{"1", 1}, {"2", 0}});
  }
}

TEST_CASE("outcome: a replay counts its own execution, not those that prepare the ground", "[harness]") {
  const ravel::report report = ravel::explore({.name = "outcomes", .executions = 200, .strategy = "dfs"}, lost_update);
  REQUIRE(report.findings.size() == 1);
  REQUIRE(report.findings.front().first_trial > 1);
  const std::string token = "r1." + report.findings.front().token.substr(3, 4) + ".dfs.1." +
                            std::to_string(report.findings.front().first_trial);
  const environment_variable replay("RAVEL_REPLAY", token);
  const ravel::report again = ravel::explore({.name = "outcomes", .strategy = "dfs"}, lost_update);
  CHECK(counts(again.outcomes.at(0)) == std::map<std::string, std::uint64_t>{{"1", 1}, {"2", 0}});
}

TEST_CASE("outcome: the table in words", "[harness]") {
  ravel::outcome_histogram histogram;
  histogram.file = "/shop/store.cpp";
  histogram.line = 12;
  histogram.values = {{"(0, 0)", outcome_kind::forbidden, 3},
                      {"(0, 1)", outcome_kind::expected, 59'994},
                      {"(1, 1)", outcome_kind::interesting, 0},
                      {"(2, 1)", outcome_kind::unlisted, 40'003}};
  CHECK(ravel::detail::outcome_table_text(histogram) ==
        "outcomes at /shop/store.cpp:12, 100000 in all:\n"
        "  value   count   share  kind\n"
        "  (0, 0)      3  <0.01%  forbidden\n"
        "  (0, 1)  59994  59.99%  expected\n"
        "  (1, 1)      0   0.00%  interesting\n"
        "  (2, 1)  40003  40.00%  in no list\n");
}
