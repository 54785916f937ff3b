// SPDX-License-Identifier: MIT
// More findings than the table has room for: a flood of one kind keeps no rarer one out, and what was lost is said.
#include "catch.hpp"

#include <ravel/finding.hpp>
#include <ravel/stress.hpp>

#include <algorithm>
#include <string>

TEST_CASE("finding flood: the rarer kinds are kept, and the rest is counted", "[harness]") {
  const ravel::report report = ravel::stress({.name = "flood", .rounds = 1}, [](ravel::trial& trial) {
    trial.threads(1, "worker", [](ravel::worker&) {});
    trial.run();
    for (std::uint64_t number = 1; number <= 700; ++number) {
      ravel::raw_finding* finding = ravel::open_finding(ravel::finding_kind::leak, number);
      if (finding == nullptr) continue;
      finding->check.add("flood");
      finding->what.add("number ").add_number(number);
      ravel::publish(finding);
    }
    ravel::raw_finding* rare = ravel::open_finding(ravel::finding_kind::growth, 0x5241524500000000);
    if (rare == nullptr) return;
    rare->check.add("flood");
    rare->what.add("of a rare kind");
    ravel::publish(rare);
  });
  CHECK(report.verdict == ravel::verdict::faulty);
  CHECK(std::ranges::count_if(report.findings, [](const ravel::finding& one) {
          return one.kind == ravel::finding_kind::growth && one.what == "of a rare kind";
        }) == 1);
  CHECK(report.findings.size() <= 512);
  CHECK(std::ranges::any_of(report.notes, [](const std::string& note) {
    return note.find("more sightings of further findings did not fit in the table") != std::string::npos;
  }));
}
