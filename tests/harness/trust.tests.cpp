// SPDX-License-Identifier: MIT
// Doubtful races in a report: what is trusted becomes a note, what is not is told with the line that settles it, and a
// certain one beside them still fails.
#include "report/trust.hpp"
#include "catch.hpp"

#include <ravel/report.hpp>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

using ravel::doubt_kind;
using ravel::detail::apply_trust;
using ravel::detail::names_module;

namespace {

ravel::finding race(doubt_kind doubt, std::vector<std::string> modules) {
  ravel::finding race;
  race.kind = ravel::finding_kind::race;
  race.what = "on counter (4 bytes)";
  race.doubt = doubt;
  race.doubtful_modules = std::move(modules);
  return race;
}

ravel::report report_of(std::vector<ravel::finding> findings) {
  ravel::report report;
  report.verdict = ravel::verdict::undecided;
  report.mode = report.lane = "stress";
  report.variant = "thread";
  report.trials_run = report.trials_wanted = 10;
  report.uninstrumented = {"libtbb.so.12", "libglib-2.0.so.0"};
  report.findings = std::move(findings);
  return report;
}

std::unique_ptr<ravel::detail::module_table> modules() {
  auto table = std::make_unique<ravel::detail::module_table>();
  const char* paths[] = {"/opt/shop/bin/shop", "/opt/shop/lib/libtbb.so.12", "/opt/shop/lib/libglib-2.0.so.0"};
  for (const char* path : paths) std::strcpy(table->entries[table->count++].path, path);
  return table;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("trust: a library may be named by its file, with or without version, or by a path", "[harness]") {
  CHECK(names_module("libtbb.so.12", "/usr/lib/libtbb.so.12"));
  CHECK(names_module("libtbb.so", "/usr/lib/libtbb.so.12"));
  CHECK(names_module("libtbb", "/usr/lib/libtbb.so.12"));
  CHECK(names_module("/elsewhere/libtbb.so.12", "/usr/lib/libtbb.so.12"));
  CHECK(names_module("/proc/self/../self/exe", "/proc/self/exe"));
  CHECK_FALSE(names_module("libtbb.so.1", "/usr/lib/libtbb.so.12"));
  CHECK_FALSE(names_module("libtbbmalloc.so", "/usr/lib/libtbb.so.12"));
  CHECK_FALSE(names_module("tbb", "/usr/lib/libtbb.so.12"));
  CHECK_FALSE(names_module("", "/usr/lib/libtbb.so.12"));
  CHECK_FALSE(names_module("libtbb.so.12", ""));
}

TEST_CASE("trust: a race becomes a note when all that may order it is trusted", "[harness]") {
  ravel::report report =
      report_of({race(doubt_kind::stack, {"libtbb.so.12"}),
                 race(doubt_kind::calls, {"libtbb.so.12", "libglib-2.0.so.0"}), race(doubt_kind::none, {})});
  apply_trust(report, {"libtbb.so"}, *modules());
  CHECK(report.findings[0].is_trusted);
  CHECK_FALSE(is_doubtful(report.findings[0]));
  CHECK_FALSE(report.findings[1].is_trusted);
  CHECK(is_doubtful(report.findings[1]));
  CHECK(is_failing(report.findings[2]));
  CHECK(report.notes.empty());
  CHECK(has(ravel::to_text(report.findings[0], report), "taken as ordered by libtbb.so.12, which is trusted"));
}

TEST_CASE("trust: what names no library of the program is told", "[harness]") {
  ravel::report report = report_of({});
  apply_trust(report, {"libtbb.so.12", "libtbbb.so"}, *modules());
  REQUIRE(report.notes.size() == 1);
  CHECK(report.notes[0] ==
        "trusted \"libtbbb.so\": no library of that name without instrumentation is in this program; there are "
        "libtbb.so.12 and libglib-2.0.so.0");
  report.notes.clear();
  report.variant = "plain";
  apply_trust(report, {"libtbbb.so"}, *modules());
  CHECK(report.notes.empty());
}

TEST_CASE("trust: a doubtful race says which module and why, and the report ends in what settles it", "[harness]") {
  ravel::report report = report_of({race(doubt_kind::stack, {"libtbb.so.12"})});
  ravel::environment asked;
  asked.uninstrumented = {"TBB::tbb=/opt/shop/lib/libtbb.so.12", "other"};
  ravel::detail::add_targets(report, *modules(), asked);
  CHECK(report.uninstrumented.back() == "other");
  CHECK(report.uninstrumented.size() == 3);
  apply_trust(report, {}, *modules());
  report.reason = ravel::detail::reason_of_doubt(report);
  const std::string text = ravel::to_text(report);
  CHECK(
      text.starts_with("RACE on counter (4 bytes), doubtful: libtbb.so.12, which its stacks pass through, is not "
                       "instrumented  [stress"));
  CHECK(has(text, "undecided: 1 race is doubtful, because ThreadSanitizer cannot see what libtbb.so.12 may order"));
  CHECK(text.ends_with(
      "\nto settle it: .trusted = {\"libtbb.so.12\"}, or TRUST TBB::tbb in ravel_add_test (what this library orders is "
      "taken as ordered: its races become notes); or a header-only or an instrumented build of the library; or a "
      "suppression with its reason\n"));
  report.findings[0].doubt = doubt_kind::calls;
  report.findings[0].doubtful_modules.push_back("libglib-2.0.so.0");
  CHECK(has(ravel::to_text(report),
            "doubtful: libtbb.so.12 and libglib-2.0.so.0, which both threads called in between, are not instrumented"));
  CHECK(has(ravel::to_text(report), "to settle it: .trusted = {\"libglib-2.0.so.0\", \"libtbb.so.12\"}"));
}

TEST_CASE("trust: nothing is to be settled where all is certain", "[harness]") {
  ravel::report report = report_of({race(doubt_kind::none, {})});
  apply_trust(report, {}, *modules());
  CHECK(ravel::detail::reason_of_doubt(report).empty());
  CHECK(ravel::detail::what_settles(report).empty());
}

TEST_CASE("trust: where a race is certain, static archives are named, because calls into them are not counted",
          "[harness]") {
  ravel::report report = report_of({race(doubt_kind::none, {})});
  ravel::environment asked;
  asked.uninstrumented = {"absl::base=/opt/shop/lib/libabsl_base.a", "TBB::tbb=/opt/shop/lib/libtbb.so.12"};
  ravel::detail::note_uncounted(report, asked);
  REQUIRE(report.notes.size() == 1);
  CHECK(
      report.notes[0] ==
      "calls into static archives without instrumentation are not counted (absl::base): a race that only they order is "
      "taken for certain");
  ravel::report doubtful = report_of({race(doubt_kind::calls, {"libtbb.so.12"})});
  ravel::detail::note_uncounted(doubtful, asked);
  CHECK(doubtful.notes.empty());
}

TEST_CASE("trust: a race that is certain after all fails, and comes first", "[harness]") {
  ravel::report report =
      report_of({race(doubt_kind::calls, {"libtbb.so.12"}), race(doubt_kind::stack, {"libglib-2.0.so.0"})});
  report.reason = "doubtful";
  apply_trust(report, {"libglib-2.0.so"}, *modules());
  REQUIRE(report.findings[1].is_informative);
  ravel::detail::make_certain(report, report.findings[1]);
  ravel::detail::put_failing_first(report);
  CHECK(report.verdict == ravel::verdict::faulty);
  CHECK(report.reason.empty());
  CHECK(is_failing(report.findings[0]));
  CHECK_FALSE(report.findings[0].is_trusted);
  CHECK(is_doubtful(report.findings[1]));
}
