// SPDX-License-Identifier: MIT
// From what all cases came to, to one exit code; names as test specifications; the matcher. What needs a process of
// its own is in catch2/.
#include "adapters/catch2/case_results.hpp"
#include "catch.hpp"

#include <ravel/catch2.hpp>

#include <string>

using ravel::detail::case_results;
using ravel::detail::catch2_totals;

namespace {

int code_of(const case_results& own, const catch2_totals& counted, const std::string& token = "") {
  std::string reason;
  return ravel::detail::conclude(own, counted, token, reason);
}

catch2_totals counted(std::uint64_t cases, std::uint64_t failed_assertions = 0) {
  catch2_totals totals;
  totals.is_complete = true;
  totals.cases = cases;
  totals.failed_assertions = failed_assertions;
  return totals;
}

}  // namespace

TEST_CASE("catch2 exit code: the worst wins", "[harness]") {
  case_results own;
  CHECK(code_of(own, counted(2)) == 0);
  own.skipped = 1;
  CHECK(code_of(own, counted(2)) == 0);
  own.undecided = 1;
  own.failures_told = 1;
  CHECK(code_of(own, counted(3, 1)) == 3);
  own.faulty = 1;
  own.failures_told = 2;
  CHECK(code_of(own, counted(4, 2)) == 1);
  own.broken = 1;
  own.failures_told = 3;
  CHECK(code_of(own, counted(5, 3)) == 70);
  own.misused = 1;
  own.failures_told = 4;
  CHECK(code_of(own, counted(6, 4)) == 64);
}

TEST_CASE("catch2 exit code: any number of failed assertions is 1", "[harness]") {
  for (const std::uint64_t failed : {1u, 3u, 64u, 70u, 77u, 255u, 256u, 65536u})
    CHECK(code_of({}, counted(1, failed)) == 1);
  case_results own;
  own.undecided = own.failures_told = 1;
  CHECK(code_of(own, counted(2, 2)) == 1);
}

TEST_CASE("catch2 exit code: only a program that skipped everything is skipped", "[harness]") {
  case_results own;
  own.skipped = 2;
  CHECK(code_of(own, counted(2)) == 77);
  CHECK(code_of(own, counted(3)) == 0);
  own.passed_over = 1;
  CHECK(code_of(own, counted(3)) == 77);
  catch2_totals ordinary = counted(1);
  ordinary.skipped_cases = 1;
  CHECK(code_of({}, ordinary) == 77);
}

TEST_CASE("catch2 exit code: nothing ran, or not to the end, is broken", "[harness]") {
  CHECK(code_of({}, counted(0)) == 70);
  catch2_totals cut = counted(5);
  cut.is_complete = false;
  CHECK(code_of({}, cut) == 70);
}

TEST_CASE("catch2 exit code: a token that names no case is a usage error that lists them", "[harness]") {
  case_results own;
  own.names = {"one", "two"};
  own.passed_over = 2;
  std::string reason;
  CHECK(ravel::detail::conclude(own, counted(2), "r1.0001.stress.1.1", reason) == 64);
  CHECK(reason.find("r1.0001.stress.1.1") != std::string::npos);
  CHECK(reason.find("\"two\"") != std::string::npos);
  own.runs = 1;
  own.clean = 1;
  CHECK(code_of(own, counted(2), "r1.0001.stress.1.1") == 0);
}

TEST_CASE("catch2 names: what Catch2 would read as pattern or option is escaped", "[harness]") {
  CHECK(ravel::detail::test_spec_for("plain name") == "plain name");
  CHECK(ravel::detail::test_spec_for("a, \"b\" [c]") == "a\\, \\\"b\\\" \\[c\\]");
  CHECK(ravel::detail::test_spec_for("-dash") == " -dash");
}

TEST_CASE("catch2 matcher: clean is clean, and a case that a replay passes over is nobody's failure", "[harness]") {
  ravel::report report;
  report.verdict = ravel::verdict::clean;
  REQUIRE_THAT(report, ravel::is_clean());
  report.verdict = ravel::verdict::skipped;
  report.reason = "no Valgrind";
  REQUIRE_THAT(report, !ravel::is_clean());
  report.is_passed_over = true;
  REQUIRE_THAT(report, ravel::is_clean());
}
