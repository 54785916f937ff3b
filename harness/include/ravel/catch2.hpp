// SPDX-License-Identifier: MIT
// Ravel in Catch2 (2.13 or 3.x). Link Ravel::catch2, which owns main.
//   RAVEL_TEST_CASE("cache: every entry is released", "[cache]") { ... uses ravel::trial& trial ... }
//   RAVEL_TEST_CASE("cache: quick", "[cache]", .rounds = 200, .seed = 7) { ... }   // test_options, in their order
// Inside a body, REQUIRE, CHECK and their kin work from every thread, INFO and CAPTURE too; what they say becomes
// part of a finding. A failed REQUIRE ends its thread by an exception, so in a thread that Ravel did not start
// use CHECK. SECTION, GENERATE, BENCHMARK and SKIP are refused there: a round runs once, from start to end. To have
// them, write an ordinary TEST_CASE and call ravel::stress in it:
//   const ravel::report report = ravel::stress({.name = "my case"}, [&](ravel::trial& trial) { ... });
//   REQUIRE_THAT(report, ravel::is_clean());
// Cost of a passing assertion: that of Catch2; the first failing one at a line makes its text, the others count.
#pragma once

#include <ravel/report.hpp>
#include <ravel/run_test.hpp>
#include <ravel/trial.hpp>
#include <ravel/usage_error.hpp>
#include <ravel/worker.hpp>

#if defined(CATCH_CONFIG_MAIN) || defined(CATCH_CONFIG_RUNNER)
#error \
    "Ravel::catch2 owns main: leave CATCH_CONFIG_MAIN and CATCH_CONFIG_RUNNER out. \
For a main of your own, call ravel::catch2_main(argc, argv) in it."
#endif

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#elif __has_include(<catch2/catch.hpp>)
#include <catch2/catch.hpp>
#else
#error "ravel/catch2.hpp needs Catch2: link Ravel::catch2, or install Catch2 2.13 or 3.x (Debian: catch2)"
#endif

#include <functional>
#include <string>

namespace ravel {

// Runs the test cases of this program, ordinary ones included. Returns 0 clean, 1 faulty (also any number of
// failed assertions of Catch2), 3 undecided, 64 bad option or environment, 70 broken (also: no test ran), 77
// all skipped. Call it from main, before any thread is started.
[[nodiscard]] int catch2_main(int argc, char** argv);

namespace detail {

#if __has_include(<catch2/catch_test_macros.hpp>)
using report_matcher = Catch::Matchers::MatcherBase<report>;
#else
using report_matcher = Catch::MatcherBase<report>;
#endif

class is_clean_matcher final : public report_matcher {
 public:
  // Prints the report when it is not clean: Catch2 would break its lines.
  bool match(const report& report) const override;
  std::string describe() const override;
};

struct catch2_outcome {
  enum { passed, failed, skipped } kind;
  std::string text;
};

// Runs the body in the mode that the environment asks for, and prints the report.
[[nodiscard]] catch2_outcome run_catch2_case(const test_options& options, void (*body)(trial&));

struct catch2_case {
  explicit catch2_case(const char* name);
};

// A test case that is made when the program starts; options.name is its name. not_run: why its body does not apply;
// then the case is skipped with that reason. Call it from static initialisers.
struct catch2_made_case {
  test_options options;
  std::function<void(trial&)> body;
  std::string not_run;
};
void add_catch2_case(catch2_made_case made, const std::string& tags, site place);

}  // namespace detail

// For reports of stress() and its kin: REQUIRE_THAT(report, ravel::is_clean()).
[[nodiscard]] inline detail::is_clean_matcher is_clean() { return {}; }

}  // namespace ravel

template <>
struct Catch::StringMaker<ravel::report> {
  static std::string convert(const ravel::report& report);
};

#if defined(CATCH_CONFIG_PREFIX_ALL)
#define RAVEL_DETAIL_CATCH(macro) CATCH_##macro
#else
#define RAVEL_DETAIL_CATCH(macro) macro
#endif

#if defined(CATCH_SKIP) || defined(SKIP)  // since 3.3
#define RAVEL_DETAIL_SKIPPED(text) RAVEL_DETAIL_CATCH(SKIP)(text)
#else
#define RAVEL_DETAIL_SKIPPED(text) RAVEL_DETAIL_CATCH(SUCCEED)(text)
#endif

#define RAVEL_DETAIL_PASTE_(a, b) a##b
#define RAVEL_DETAIL_PASTE(a, b) RAVEL_DETAIL_PASTE_(a, b)

// The options end in a comma, or are empty: both fit after `.name = ...,`.
#define RAVEL_DETAIL_TEST_CASE(body, registration, case_name, tags, ...)                            \
  static void body(ravel::trial& trial);                                                            \
  static const ravel::detail::catch2_case registration{case_name};                                  \
  RAVEL_DETAIL_CATCH(TEST_CASE)(case_name, "" tags) {                                               \
    const ravel::detail::catch2_outcome ravel_outcome =                                             \
        ravel::detail::run_catch2_case(ravel::test_options{.name = case_name, __VA_ARGS__}, &body); \
    if (ravel_outcome.kind == ravel::detail::catch2_outcome::failed)                                \
      RAVEL_DETAIL_CATCH(FAIL_CHECK)(ravel_outcome.text);                                           \
    else if (ravel_outcome.kind == ravel::detail::catch2_outcome::skipped)                          \
      RAVEL_DETAIL_SKIPPED(ravel_outcome.text);                                                     \
    else                                                                                            \
      RAVEL_DETAIL_CATCH(SUCCEED)(ravel_outcome.text);                                              \
  }                                                                                                 \
  static void body([[maybe_unused]] ravel::trial& trial)

#define RAVEL_DETAIL_TEST_CASE_AT(unique, ...)                         \
  RAVEL_DETAIL_TEST_CASE(RAVEL_DETAIL_PASTE(ravel_test_body_, unique), \
                         RAVEL_DETAIL_PASTE(ravel_registration_, unique), __VA_ARGS__)

// RAVEL_TEST_CASE(name, tags) or RAVEL_TEST_CASE(name, tags, .rounds = 200, .seed = 7): see the top of this file.
#define RAVEL_TEST_CASE(...) RAVEL_DETAIL_TEST_CASE_AT(__COUNTER__, __VA_ARGS__, )
