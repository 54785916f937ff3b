// SPDX-License-Identifier: MIT
// Runs a body in the mode of the lane, and compares the verdict with what is expected of it there. For libraries that
// ThreadSanitizer cannot see into: the same body with and without trust in them.
#pragma once

#include <ravel/environment.hpp>
#include <ravel/report.hpp>
#include <ravel/run_test.hpp>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace real {

struct expectation {
  std::vector<ravel::verdict> in_stress, in_explore;
};

class trials {
 public:
  void expect(const char* name, const expectation& expected, const ravel::body& body,
              std::vector<std::string> trusted = {}) {
    ravel::test_options options;
    options.name = name;
    options.rounds = 60;
    options.executions = 4;
    options.seconds = 5;
    options.trusted = std::move(trusted);
    report_ = ravel::run_test(options, body);
    const bool is_explore = ravel::read_environment().mode == "explore";
    const std::vector<ravel::verdict>& verdicts = is_explore ? expected.in_explore : expected.in_stress;
    const bool is_expected = std::ranges::find(verdicts, report_.verdict) != verdicts.end();
    std::printf("%s: %s%s\n", name, ravel::word_for(report_.verdict), is_expected ? "" : ", which is WRONG; it said:");
    if (!is_expected) ravel::print(report_);
    wrong_ += is_expected ? 0 : 1;
  }
  // Of the last report.
  void expect_text(const char* part) {
    if (ravel::to_text(report_).find(part) != std::string::npos) return;
    std::printf("WRONG: the report does not say \"%s\":\n", part);
    ravel::print(report_);
    ++wrong_;
  }
  [[nodiscard]] bool is_explore() const { return report_.mode == "explore"; }
  [[nodiscard]] int exit_code() const { return wrong_ == 0 ? 0 : 1; }

 private:
  ravel::report report_;
  int wrong_ = 0;
};

inline const expectation clean{{ravel::verdict::clean}, {ravel::verdict::clean}};
inline const expectation faulty{{ravel::verdict::faulty}, {ravel::verdict::faulty}};
inline const expectation undecided{{ravel::verdict::undecided}, {ravel::verdict::undecided}};

}  // namespace real
