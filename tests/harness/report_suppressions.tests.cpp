// SPDX-License-Identifier: MIT
// Suppressions: what they match, that they need a reason, and that expired and unused ones are told.
#include "catch.hpp"
#include "report/sinks.hpp"
#include "report/suppress.hpp"

#include <ravel/usage_error.hpp>

#include <cstdlib>

using ravel::detail::apply_suppressions;
using ravel::detail::check_suppressions;

namespace {

ravel::report report_with_race() {
  ravel::report report;
  ravel::finding finding;
  finding.kind = ravel::finding_kind::race;
  finding.what = "on session_cache::size_ (4 bytes)";
  finding.actors.resize(1);
  finding.actors[0].stack.resize(1);
  finding.actors[0].stack[0].function = "shop::session_cache::store(int)";
  finding.actors[0].stack[0].file = "/home/me/shop/session_cache.cpp";
  report.findings.push_back(finding);
  return report;
}

constexpr const char* day = "2026-11-21";

}  // namespace

TEST_CASE("suppressions: headline, function and file match", "[harness]") {
  for (const char* match : {"RACE on session_cache::size_", "session_cache::store", "shop/session_cache.cpp"}) {
    ravel::report report = report_with_race();
    apply_suppressions(report, {{match, "a statistic", ""}}, day);
    CHECK(report.findings[0].suppressed == "a statistic");
    CHECK(report.notes.empty());
  }
}

TEST_CASE("suppressions: an unused one is told", "[harness]") {
  ravel::report report = report_with_race();
  apply_suppressions(report, {{"other_cache", "a statistic", ""}}, day);
  CHECK(report.findings[0].suppressed.empty());
  REQUIRE(report.notes.size() == 1);
  CHECK(report.notes[0].find("other_cache") != std::string::npos);
  CHECK(report.notes[0].find("matched nothing") != std::string::npos);
}

TEST_CASE("suppressions: one holds on its last day, and no longer", "[harness]") {
  ravel::report last_day = report_with_race();
  apply_suppressions(last_day, {{"size_", "a statistic", day}}, day);
  CHECK(last_day.findings[0].suppressed == "a statistic");
  ravel::report after = report_with_race();
  apply_suppressions(after, {{"size_", "a statistic", "2026-11-20"}}, day);
  CHECK(after.findings[0].suppressed.empty());
  REQUIRE(after.notes.size() == 1);
  CHECK(after.notes[0].find("expired on 2026-11-20") != std::string::npos);
}

TEST_CASE("suppressions: no match, no reason and no date are refused", "[harness]") {
  CHECK_THROWS_AS(check_suppressions({{"", "a statistic", ""}}), ravel::usage_error);
  CHECK_THROWS_AS(check_suppressions({{"size_", "", ""}}), ravel::usage_error);
  for (const char* date : {"tomorrow", "2027-13-01", "2027-1-1", "2027/01/01"})
    CHECK_THROWS_AS(check_suppressions({{"size_", "a statistic", date}}), ravel::usage_error);
  CHECK_NOTHROW(check_suppressions({{"size_", "a statistic", "2027-01-31"}, {"x", "y", ""}}));
}

TEST_CASE("suppressions: today is a date", "[harness]") {
  CHECK_NOTHROW(check_suppressions({{"size_", "a statistic", ravel::detail::today()}}));
}
