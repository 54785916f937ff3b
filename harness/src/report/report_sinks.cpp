// SPDX-License-Identifier: MIT
// Who is told of every finished report, and what a verdict means to a shell. Main thread of the parent.
#include "sinks.hpp"

#include "record/batch_process.hpp"
#include "suppress.hpp"

#include <ravel/usage_error.hpp>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>

namespace ravel {

namespace {

std::vector<report_sink>& sinks() {
  static std::vector<report_sink> list;
  return list;
}

}  // namespace

void add_report_sink(report_sink sink) { sinks().push_back(sink); }

int exit_code(verdict verdict) noexcept {
  switch (verdict) {
    case verdict::clean: return 0;
    case verdict::faulty: return 1;
    case verdict::undecided: return 3;
    case verdict::skipped: return 77;
    case verdict::misused: return 64;
    case verdict::broken: break;
  }
  return 70;
}

int exit_code(const report& report) noexcept {
  // Skipped without a reason in plain sight would pass unnoticed.
  if (report.verdict == verdict::skipped && report.reason.empty()) return exit_code(verdict::broken);
  return exit_code(report.verdict);
}

int exit_code(const std::vector<report>& reports) noexcept {
  constexpr int worst_first[] = {64, 70, 1, 3, 0};
  bool is_any_counted = false;
  for (const report& one : reports) is_any_counted = is_any_counted || !one.is_passed_over;
  if (!is_any_counted) return reports.empty() ? exit_code(verdict::broken) : 64;
  for (const int code : worst_first)
    for (const report& one : reports)
      if (!one.is_passed_over && exit_code(one) == code) return code;
  return exit_code(verdict::skipped);
}

// By std::cout, not by printf: test frameworks that write XML to standard output redirect it.
void print(const report& report) { std::cout << to_text(report) << std::flush; }

namespace detail {

namespace {

bool has_writer = false;

// Of this process: reports of runs, and whether a replay has passed over one.
std::uint64_t runs_reported = 0;
pid_t passing_over = 0;

// A framework that skips what a replay passes over, and knows nothing of exit_code(reports), would end well when the
// token names none of its test cases.
void refuse_to_end_well(int status, void*) {
  if (status != 0 || runs_reported != 0 || getpid() != passing_over) return;
  std::cout.flush();
  std::fflush(nullptr);
  std::fputs("usage error: RAVEL_REPLAY names none of the test cases that this program has run\n", stderr);
  _exit(64);
}

void count_report(const report& report) {
  if (!report.is_passed_over) {
    ++runs_reported;
  } else if (passing_over == 0) {
    passing_over = getpid();
    on_exit(refuse_to_end_well, nullptr);
  }
}

}  // namespace

void add_report_writer(report_sink sink) {
  has_writer = true;
  add_report_sink(sink);
}

void check_before_run(const environment& asked, const std::vector<suppression>& suppressions) {
  check_suppressions(suppressions);
  if (!asked.report_dir.empty() && !has_writer)
    throw usage_error(
        "RAVEL_REPORT_DIR is set, but this program cannot write JSON: link Ravel::json "
        "(ravel_add_test does; it needs nlohmann_json when Ravel is built; Debian: nlohmann-json3-dev), "
        "or unset RAVEL_REPORT_DIR.");
}

void finish_report(report& report) {
  count_report(report);
  for (const report_sink sink : sinks()) {
    try {
      sink(report);
    } catch (const std::exception& error) {
      if (report.verdict == verdict::misused) continue;  // which said so already
      report.verdict = verdict::broken;
      report.reason += (report.reason.empty() ? "" : "; ") + std::string(error.what());
    }
  }
}

report told(const std::string& name, const char* mode, const std::function<report()>& run) {
  report result;
  result.name = name;
  result.mode = result.lane = mode;
  try {
    return run();
  } catch (const usage_error& misuse) {
    if (is_in_batch()) throw;  // a run inside of a body: that one's misuse
    result.verdict = verdict::misused;
    result.reason = misuse.what();
  } catch (const std::exception& error) {
    result.reason = error.what();
  }
  finish_report(result);
  return result;
}

}  // namespace detail

}  // namespace ravel
