// SPDX-License-Identifier: MIT
// What the author gets wrong is a report whose exit code is 64 and whose text says what to write, in every entry and
// for every option; nothing is thrown, and the next run is as if nothing had been.
#include "catch.hpp"
#include "environment_variable.hpp"

#include <ravel/explore.hpp>
#include <ravel/regression.hpp>
#include <ravel/run_test.hpp>
#include <ravel/stress.hpp>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace {

void body(ravel::trial& trial) {
  trial.threads(2, "client", [](ravel::worker&) {});
  trial.run();
}

ravel::test_options small() { return {.name = "misused", .rounds = 20, .executions = 20, .seconds = 20}; }

void check_misused(const ravel::report& report, const std::string& part = "") {
  INFO(ravel::to_text(report));
  REQUIRE(report.verdict == ravel::verdict::misused);
  CHECK(ravel::exit_code(report) == 64);
  CHECK(ravel::exit_code(std::vector<ravel::report>{report, ravel::stress({.name = "fine", .rounds = 20}, body)}) ==
        64);
  CHECK(report.reason.size() > 20);
  CHECK(report.reason.find(part) != std::string::npos);
  CHECK(ravel::to_text(report).find("usage error: " + report.reason) == 0);
}

void check_each_way(const std::function<void(ravel::test_options&)>& spoil, const std::string& part = "") {
  for (const char* mode : {"stress", "explore"}) {
    INFO(mode);
    const environment_variable asked("RAVEL_MODE", mode);
    ravel::test_options options = small();
    spoil(options);
    check_misused(ravel::run_test(options, body), part);
  }
}

}  // namespace

TEST_CASE("misuse: numbers out of range", "[harness]") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
  check_each_way([](ravel::test_options& options) { options.rounds = options.executions = 0; });
  for (const double seconds : {nan, infinite, -1.0, 0.0})
    check_each_way([=](ravel::test_options& options) { options.seconds = seconds; }, "seconds");
  for (const double limit : {nan, infinite, -1.0, 0.0})
    check_each_way([=](ravel::test_options& options) { options.round_limit = limit; }, "_limit");
}

TEST_CASE("misuse: enumerations out of range", "[harness]") {
  check_each_way([](ravel::test_options& options) { options.isolation = static_cast<ravel::isolation>(9); },
                 "isolation");
  ravel::explore_options options{.name = "misused", .executions = 20};
  options.engine = static_cast<ravel::engine_choice>(9);
  check_misused(ravel::explore(options, body), "engine");
}

TEST_CASE("misuse: names that nobody has", "[harness]") {
  check_each_way([](ravel::test_options& options) { options.without = {"no_such_check"}; }, "no_such_check");
  check_each_way([](ravel::test_options& options) { options.name = ""; }, "name");
  check_misused(ravel::explore({.name = "misused", .strategy = "no_such_strategy"}, body), "no_such_strategy");
  const environment_variable mode("RAVEL_MODE", "no_such_mode");
  check_misused(ravel::run_test(small(), body), "RAVEL_MODE");
}

TEST_CASE("misuse: suppressions that lack something", "[harness]") {
  for (const ravel::suppression& one :
       {ravel::suppression{"", "why", ""}, ravel::suppression{"it", "", ""}, ravel::suppression{"it", "why", "soon"}})
    check_each_way([&](ravel::test_options& options) { options.suppressions = {one}; });
}

TEST_CASE("misuse: noise, points, hold-up", "[harness]") {
  ravel::stress_options noisy{.name = "misused", .rounds = 20};
  noisy.noise = {.automatic = false, .yields_per_1000 = 600, .sleeps_per_1000 = 600};
  check_misused(ravel::stress(noisy, body), "noise");
  check_misused(ravel::explore({.name = "misused", .points = 0}, body), "points");
  check_misused(ravel::explore({.name = "misused", .hold_up = -1}, body), "hold_up");
}

TEST_CASE("misuse: no body, no token, and variables of the environment", "[harness]") {
  check_misused(ravel::stress({.name = "misused"}, nullptr), "body");
  check_misused(ravel::explore({.name = "misused"}, nullptr), "body");
  check_misused(ravel::run_test(small(), nullptr), "body");
  check_misused(ravel::regression("nonsense", body));
  check_misused(ravel::regression("r1.48ee.pct.1.1", nullptr), "body");
  for (const auto& [name, value] : {std::pair{"RAVEL_SEED", "many"}, std::pair{"RAVEL_ROUNDS", "-3"},
                                    std::pair{"RAVEL_REPLAY", "nonsense"}, std::pair{"RAVEL_SHARD", "3/2"}}) {
    const environment_variable asked(name, value);
    check_misused(ravel::stress({.name = "misused"}, body), name);
    check_misused(ravel::explore({.name = "misused"}, body), name);
  }
}

TEST_CASE("misuse: inside of the body it ends the run; the next one is as ever", "[harness]") {
  for (const char* mode : {"stress", "explore"}) {
    const environment_variable asked("RAVEL_MODE", mode);
    check_misused(ravel::run_test(small(), [](ravel::trial& trial) { trial.run(); }), "no thread");
    check_misused(ravel::run_test(small(),
                                  [](ravel::trial& trial) {
                                    trial.threads(2, "client", [&](ravel::worker&) {
                                      trial.threads(1, "inner", [](ravel::worker&) {});
                                    });
                                    trial.run();
                                  }),
                  "trial.threads");
    const ravel::report next = ravel::run_test(small(), body);
    INFO(ravel::to_text(next));
    CHECK(next.verdict == ravel::verdict::clean);
  }
}
