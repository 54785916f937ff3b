// SPDX-License-Identifier: MIT
// What a run said: a verdict, what was covered, and the findings. Plain data, thread-compatible.
#pragma once

#include <ravel/finding.hpp>
#include <ravel/outcome.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace ravel {

enum class verdict : std::uint8_t { clean, faulty, undecided, broken, skipped, misused };

[[nodiscard]] const char* word_for(verdict verdict) noexcept;

// How often each outcome came at one place of the body: ravel/outcome.hpp.
struct outcome_count {
  std::string value;  // "(0, 1)"
  outcome_kind kind = outcome_kind::unlisted;
  std::uint64_t count = 0;
};
struct outcome_histogram {
  std::string file;
  unsigned line = 0;
  std::vector<outcome_count> values;  // in the order of their texts
  std::uint64_t others = 0;           // sightings of further values: there was no room to tell them apart
};

// A library without instrumentation, and the target of the build that brings it in.
struct library_target {
  std::string library;  // file's name
  std::string target;
};

struct report {
  ravel::verdict verdict = ravel::verdict::broken;
  std::string name;                  // the test case's
  std::string lane;                  // "cache_test.stress.thread"; the mode alone outside CTest
  std::string mode;                  // "stress"
  std::string trial_word = "round";  // what a trial of that mode is called
  std::string variant;               // "plain", "thread", "address"
  std::string reason;                // why undecided, broken, skipped or misused; empty otherwise
  bool is_passed_over = false;       // skipped, because RAVEL_REPLAY names another test case; see below
  std::uint64_t seed = 0;
  std::uint64_t trials_run = 0;
  std::uint64_t trials_wanted = 0;
  bool is_cut_short = false;       // time ended before all that were wanted had run
  std::uint64_t threads_seen = 0;  // most threads seen in one trial, the target's own included
  bool is_program = false;         // the trials were runs of a whole program
  bool takes_files = false;        // findings are shown again by the files of their inputs
  // Explore only.
  std::string engine;                                                    // "user", "kernel"
  std::string strategy;                                                  // "portfolio", "pct", ...
  std::uint64_t points_seen = 0, switches_seen = 0, schedules_seen = 0;  // in all executions; different ones
  double seconds = 0;
  std::vector<finding> findings;            // failing ones first
  std::vector<std::string> notes;           // unused suppressions, what was retained, limits met
  std::vector<std::string> uninstrumented;  // modules the sanitizer could not see into
  std::vector<library_target> settled_by;   // what TRUST of ravel_add_test can name
  std::vector<outcome_histogram> outcomes;  // in the order in which the body first told them
};

// 0 clean, 1 faulty, 3 undecided, 64 misused, 70 broken, 77 skipped. In a framework's test, skip what is passed over,
// else a replay of one test fails the others; in GoogleTest:
//   if (report.is_passed_over) GTEST_SKIP() << report.reason;
//   EXPECT_EQ(ravel::exit_code(report), 0) << ravel::to_text(report);
// A program that has only passed over runs ends with 64 even if its framework says 0.
[[nodiscard]] int exit_code(const report& report) noexcept;
[[nodiscard]] int exit_code(verdict verdict) noexcept;
// For a main with several runs: the worst verdict wins. Runs that a replay passes over do not count; 64 when it
// passes over all of them, because then the token names none of this program's runs.
[[nodiscard]] int exit_code(const std::vector<report>& reports) noexcept;

// The report in words. A clean report is one line.
[[nodiscard]] std::string to_text(const report& report);
[[nodiscard]] std::string to_text(const finding& finding, const report& of);

// Writes to_text(report) to standard output.
void print(const report& report);

// Called with every finished report (JSON writer, adapters). Register before the first run.
using report_sink = void (*)(const report&);
void add_report_sink(report_sink sink);

}  // namespace ravel
