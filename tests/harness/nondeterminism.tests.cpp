// SPDX-License-Identifier: MIT
// A target that does not repeat is told; one that does is not. Synchronisation points only.
#include "catch.hpp"

#include <ravel/explore.hpp>
#include <ravel/report.hpp>
#include <ravel/trial.hpp>
#include <ravel/worker.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

namespace {

// Takes one of two locks by what `bit` says, eight times over.
template <class Bit>
void choose_locks(ravel::trial& trial, Bit bit) {
  std::mutex even, odd;
  trial.threads(2, "chooser", [&](ravel::worker& me) {
    for (int i = 0; i < 8; ++i) {
      if (bit(me, i)) {
        std::lock_guard guard(odd);
      } else {
        std::lock_guard guard(even);
        std::lock_guard second(odd);  // more than another object: compilers make one call of two
      }
    }
  });
  trial.run();
}

ravel::report explored(const ravel::body& body) {
  return ravel::explore({.name = "nondeterminism", .executions = 50}, body);
}

std::vector<ravel::finding> found_in(const ravel::report& report) {
  std::vector<ravel::finding> found;
  for (const ravel::finding& finding : report.findings)
    if (finding.kind == ravel::finding_kind::nondeterminism) found.push_back(finding);
  return found;
}

}  // namespace

TEST_CASE("nondeterminism: random numbers from outside are told, with the first point that differs", "[harness]") {
  const ravel::report report = explored([](ravel::trial& trial) {
    choose_locks(trial, [](ravel::worker&, int) {
      std::random_device device;
      return device() % 2 == 0;
    });
  });
  INFO(ravel::to_text(report));
  const std::vector<ravel::finding> found = found_in(report);
  REQUIRE_FALSE(found.empty());
  CHECK_FALSE(found[0].is_informative);
  CHECK(report.verdict == ravel::verdict::faulty);
  REQUIRE(found[0].actors.size() == 2);
  CHECK(found[0].actors[0].thread.starts_with("chooser#"));
  CHECK(found[0].actors[0].place.file.ends_with("nondeterminism.tests.cpp"));
}

#if defined(__x86_64__)
TEST_CASE("nondeterminism: the time stamp counter is told", "[harness]") {
  const ravel::report report = explored([](ravel::trial& trial) {
    choose_locks(trial, [](ravel::worker&, int) { return __builtin_ia32_rdtsc() / 2 % 2 == 0; });
  });
  INFO(ravel::to_text(report));
  CHECK_FALSE(found_in(report).empty());
  CHECK(report.verdict == ravel::verdict::faulty);
}
#endif

TEST_CASE("nondeterminism: an address that decides is told, and does not fail the test", "[harness]") {
  const ravel::report report = explored([](ravel::trial& trial) {
    const auto block = std::make_unique<std::uint64_t[]>(5);
    const auto address = reinterpret_cast<std::uintptr_t>(block.get());
    const std::uintptr_t all_bits = address ^ address >> 8 ^ address >> 16;  // another page alone shows, too
    choose_locks(trial, [&](ravel::worker&, int i) { return (all_bits >> (4 + i) & 1) != 0; });
  });
  INFO(ravel::to_text(report));
  const std::vector<ravel::finding> found = found_in(report);
  REQUIRE_FALSE(found.empty());
  CHECK(found[0].is_informative);
  CHECK(report.verdict == ravel::verdict::clean);
}

TEST_CASE("nondeterminism: the body's own random numbers and what earlier executions leave are none", "[harness]") {
  CHECK(explored([](ravel::trial& trial) {
          choose_locks(trial, [](ravel::worker& me, int) { return me.chance(50); });
        }).findings.empty());
  static int executions = 0;
  const ravel::report report = explored([](ravel::trial& trial) {
    ++executions;
    choose_locks(trial, [](ravel::worker&, int) { return executions == 1; });
  });
  INFO(ravel::to_text(report));
  CHECK(report.findings.empty());
}

TEST_CASE("nondeterminism: it is not looked for where the test says so", "[harness]") {
  const ravel::report report = ravel::explore(
      {.name = "nondeterminism", .executions = 50, .without = {"nondeterminism"}}, [](ravel::trial& trial) {
        choose_locks(trial, [](ravel::worker&, int) {
          std::random_device device;
          return device() % 2 == 0;
        });
      });
  INFO(ravel::to_text(report));
  CHECK(report.findings.empty());
}
