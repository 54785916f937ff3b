// SPDX-License-Identifier: MIT
// catch2_main: runs Catch2's session and turns what came of it into Ravel's exit codes. With Catch2 2.13 this file
// holds Catch2's implementation, too, so it is the one place where that header is compiled as a whole.
// Main thread only.
#if !__has_include(<catch2/catch_test_macros.hpp>)
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#undef CATCH_CONFIG_RUNNER
#define RAVEL_CATCH2_HAS_SKIP 0
#else
#include <catch2/catch_session.hpp>
#include <catch2/catch_test_case_info.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
#define RAVEL_CATCH2_HAS_SKIP 1
#endif

#include "case_results.hpp"
#include "report/rerun.hpp"

#include <ravel/catch2.hpp>
#include <ravel/environment.hpp>

#include <iostream>

namespace {

ravel::detail::catch2_totals totals;
std::string running_case;

#if RAVEL_CATCH2_HAS_SKIP
using listener_base = Catch::EventListenerBase;
std::uint64_t skipped_of(const Catch::Counts& counts) { return counts.skipped; }
#else
using listener_base = Catch::TestEventListenerBase;
std::uint64_t skipped_of(const Catch::Counts&) { return 0; }
#endif

class totals_listener : public listener_base {
 public:
  using listener_base::listener_base;
  void testCaseStarting(const Catch::TestCaseInfo& info) override {
    running_case = info.name;
    listener_base::testCaseStarting(info);
  }
  void testRunEnded(const Catch::TestRunStats& stats) override {
    totals.is_complete = true;
    totals.cases = stats.totals.testCases.total();
    totals.passed_cases = stats.totals.testCases.passed;
    totals.skipped_cases = skipped_of(stats.totals.testCases);
    totals.failed_assertions = stats.totals.assertions.failed;
    listener_base::testRunEnded(stats);
  }
};

std::string selector_of_running_case() {
  return running_case.empty() ? "" : ravel::detail::test_spec_for(running_case);
}

bool only_lists(const Catch::ConfigData& options) {
  return options.showHelp || options.libIdentify || options.listTests || options.listTags || options.listReporters
#if RAVEL_CATCH2_HAS_SKIP
         || options.listListeners;
#else
         || options.listTestNamesOnly;
#endif
}

constexpr int bad_usage = 64;

int say(int code, const std::string& text) {
  std::cout.flush();
  if (!text.empty()) std::cerr << (code == bad_usage ? "usage error: " : "broken: ") << text << std::endl;
  return code;
}

}  // namespace

CATCH_REGISTER_LISTENER(totals_listener)

namespace ravel {

int catch2_main(int argc, char** argv) {
  Catch::Session session;
  if (session.applyCommandLine(argc, argv) != 0) return bad_usage;  // Catch2 has said what is wrong
  if (only_lists(session.configData())) {
    static_cast<void>(session.run());  // 2.13 returns how many it listed
    return 0;
  }
  std::string replayed;
  try {
    const environment asked = read_environment();
    if (asked.replay) replayed = to_string(*asked.replay);
  } catch (const usage_error& misuse) {
    return say(bad_usage, misuse.what());
  }
  detail::test_selector = selector_of_running_case;
  // Its code says less than the totals, but for arguments that cannot be understood.
  const int code_of_catch2 = session.run();
#if RAVEL_CATCH2_HAS_SKIP
  constexpr int invalid_test_spec = 5;
  if (code_of_catch2 == invalid_test_spec) return bad_usage;
#endif
  static_cast<void>(code_of_catch2);
  std::string reason;
  const int code = detail::conclude(detail::results(), totals, replayed, reason);
  return say(code, reason);
}

}  // namespace ravel
