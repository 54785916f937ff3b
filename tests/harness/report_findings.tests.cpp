// SPDX-License-Identifier: MIT
// From shared records to findings: order, merging, tokens, rerun lines, and records that a crash left in a mess.
#include "catch.hpp"
#include "record/uninstrumented.hpp"
#include "report/add_findings.hpp"
#include "report/rerun.hpp"
#include "report/sinks.hpp"

#include <ravel/token.hpp>
#include <ravel/usage_error.hpp>

#include <cstring>
#include <memory>
#include <string>

using ravel::detail::add_findings;
using ravel::detail::finding_slot;
using ravel::detail::finding_table;
using ravel::detail::module_table;

namespace {

// A table as a run leaves it, filled by hand.
struct filled_table {
  std::unique_ptr<finding_table> table = std::make_unique<finding_table>();
  std::unique_ptr<module_table> modules = std::make_unique<module_table>();
  unsigned used = 0;

  finding_slot& add(ravel::finding_kind kind, const char* what, std::uint64_t first_trial) {
    const unsigned place = 3 * used + 1;
    finding_slot& slot = table->slots[place];
    table->touched[place / 64].fetch_or(std::uint64_t{1} << place % 64);
    slot.signature.store(++used);
    slot.is_published.store(1);
    slot.first_trial.store(first_trial);
    slot.trials_seen.store(2);
    slot.sightings.store(5);
    slot.record.kind = kind;
    slot.record.what.add(what);
    return slot;
  }

  ravel::report report(const ravel::environment& asked = {}, std::vector<ravel::suppression> suppressions = {}) const {
    ravel::report report;
    report.name = "my case";
    add_findings(report, *table, *modules, {&asked, std::move(suppressions), 7, 100});
    return report;
  }
};

void add_actor(finding_slot& slot, const char* thread, const char* file, unsigned line) {
  ravel::raw_actor& actor = slot.record.add_actor();
  actor.thread.add(thread);
  actor.action.add("wrote");
  actor.place = {file, line, "store"};
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("findings: failing ones come first, in order of their trials", "[harness]") {
  filled_table filled;
  filled.add(ravel::finding_kind::lock_order, "order only", 1).record.is_informative = true;
  filled.add(ravel::finding_kind::race, "late", 9);
  filled.add(ravel::finding_kind::leak, "accepted", 2);
  filled.add(ravel::finding_kind::race, "early", 3);
  const ravel::report report = filled.report({}, {{"accepted", "known", ""}});
  REQUIRE(report.findings.size() == 4);
  CHECK(report.findings[0].what == "early");
  CHECK(report.findings[1].what == "late");
  CHECK(report.findings[2].is_informative);
  CHECK(report.findings[3].suppressed == "known");
  CHECK(report.findings[0].trials_seen == 2);
  CHECK(report.findings[0].sightings == 5);
  CHECK(report.findings[0].trials_counted == 100);
}

TEST_CASE("findings: the token names case, seed and trial; outside of any trial it names the first", "[harness]") {
  filled_table filled;
  filled.add(ravel::finding_kind::race, "in trial 9", 9);
  filled.add(ravel::finding_kind::leak, "outside", 0);
  const ravel::report report = filled.report();
  REQUIRE(report.findings.size() == 2);
  const ravel::token outside = ravel::parse_token(report.findings[0].token);
  const ravel::token inside = ravel::parse_token(report.findings[1].token);
  CHECK(outside.trial == 1);
  CHECK(inside.trial == 9);
  CHECK(inside.seed == 7);
  CHECK(inside.test_case == ravel::hash_of_test_case("my case"));
}

TEST_CASE("findings: those that read the same are one, whichever thread of a role it was", "[harness]") {
  filled_table filled;
  for (const char* thread : {"client#0", "client#5"})
    add_actor(filled.add(ravel::finding_kind::race, "on size_", 4), thread, "cache.cpp", 41);
  add_actor(filled.add(ravel::finding_kind::race, "on size_", 4), "client#1", "cache.cpp", 42);
  const ravel::report report = filled.report();
  REQUIRE(report.findings.size() == 2);
  CHECK(report.findings[0].sightings == 10);
  CHECK(report.findings[0].trials_seen == 2);
  CHECK(report.findings[1].sightings == 5);
}

TEST_CASE("findings: what a crash left behind is read with care", "[harness]") {
  filled_table filled;
  finding_slot& slot = filled.add(ravel::finding_kind::crash, "SIGSEGV", 1);
  slot.is_published.store(0);
  slot.record.actor_count = 4'000'000;
  slot.record.note_count = 4'000'000;
  slot.record.actor[0].stack.depth = 4'000'000;
  slot.record.actor[0].stack.pc[0] = 1;
  slot.record.actor[1].place.file = reinterpret_cast<const char*>(std::uintptr_t{16});  // not mapped here
  slot.record.actor[2].place.file = "cache.cpp";
  slot.record.actor[2].place.line = 3;
  const ravel::report report = filled.report();
  REQUIRE(report.findings.size() == 1);
  REQUIRE(report.findings[0].actors.size() == ravel::raw_finding::max_actors);
  CHECK(report.findings[0].actors[1].place.file.empty());
  CHECK(report.findings[0].actors[2].place.file == "cache.cpp");
  REQUIRE_FALSE(report.findings[0].notes.empty());
  CHECK(has(report.findings[0].notes.back(), "process died"));
}

TEST_CASE("rerun line: in CTest it names the lane, whatever its name holds", "[harness]") {
  ravel::environment asked;
  asked.lane = "cache+test.stress.thread";
  asked.build_dir = "/home/me/my builds/b";
  CHECK(
      ravel::detail::rerun_command(asked, "r1.4f2a.stress.7.17") ==
      "RAVEL_REPLAY=r1.4f2a.stress.7.17 ctest --test-dir '/home/me/my builds/b' -R '^cache\\+test.stress.thread$' -V");
}

TEST_CASE("rerun line: outside CTest it names this program and the test case in flight", "[harness]") {
  const std::string command = ravel::detail::rerun_command({}, "r1.4f2a.stress.7.17");
  CHECK(command.starts_with("RAVEL_REPLAY=r1.4f2a.stress.7.17 /"));
  CHECK(command.ends_with(" 'rerun line: outside CTest it names this program and the test case in flight'"));
  std::string (*const before)() = ravel::detail::test_selector;
  ravel::detail::test_selector = [] { return std::string("it's \\[mine\\]"); };
  CHECK(ravel::detail::rerun_command({}, "r1.4f2a.stress.7.17").ends_with(" 'it'\\''s \\[mine\\]'"));
  ravel::detail::test_selector = before;
  ravel::environment asked;
  asked.tool = "drd";
  CHECK(has(ravel::detail::rerun_command(asked, "t"), "RAVEL_TOOL=drd valgrind --tool=drd /"));
}

TEST_CASE("before a run: a suppression without a reason is refused", "[harness]") {
  CHECK_THROWS_AS(ravel::detail::check_before_run({}, {{"x", "", ""}}), ravel::usage_error);
  CHECK_NOTHROW(ravel::detail::check_before_run({}, {{"x", "y", ""}}));
}

TEST_CASE("sinks: one that throws makes the report broken, with its reason", "[harness]") {
  static bool throws = false;
  ravel::add_report_sink([](const ravel::report&) {
    if (throws) throw std::runtime_error("the disk is full");
  });
  ravel::report report;
  report.verdict = ravel::verdict::clean;
  ravel::detail::finish_report(report);
  CHECK(report.verdict == ravel::verdict::clean);
  throws = true;
  ravel::detail::finish_report(report);
  throws = false;
  CHECK(report.verdict == ravel::verdict::broken);
  CHECK(report.reason == "the disk is full");
}

TEST_CASE("uninstrumented modules: plain has none, and system libraries are not named", "[harness]") {
  CHECK(ravel::detail::uninstrumented_modules("plain").empty());
  for (const char* variant : {"thread", "address"})
    for (const std::string& name : ravel::detail::uninstrumented_modules(variant)) {
      CHECK_FALSE(name.starts_with("libc."));
      CHECK_FALSE(name.starts_with("libstdc++."));
      CHECK_FALSE(name.starts_with("linux-vdso"));
      CHECK_FALSE(name.starts_with("ld-linux"));
    }
}
