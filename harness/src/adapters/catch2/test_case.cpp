// SPDX-License-Identifier: MIT
// What a RAVEL_TEST_CASE does when Catch2 calls it: one run of the harness, its report printed as it is, and its
// verdict told to Catch2 in short (Catch2 would break the report's lines). Main thread of the parent only.
#include "case_results.hpp"

#include <ravel/catch2.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <list>
#include <utility>

namespace ravel::detail {

case_results& results() {
  static case_results all;
  return all;
}

catch2_case::catch2_case(const char* name) { results().names.emplace_back(name); }

// A program without any RAVEL_TEST_CASE still has main, and that refers to results(): this object is linked always.
[[maybe_unused]] void (*const volatile result_capture_is_linked)() = link_result_capture;

namespace {

// Also of stress() called by hand: a token may name one of those.
void count_run(const report& report) {
  case_results& all = results();
  if (!report.is_passed_over)
    ++all.runs;
  else if (std::ranges::find(all.names, report.name) == all.names.end())
    all.other_names.push_back(report.name);
}
[[maybe_unused]] const bool is_sink_added = (add_report_sink(count_run), true);

// Headlines: enough to know what it is in a list of failures; the report itself is printed.
std::string summary(const report& report) {
  std::string text = std::string(word_for(report.verdict)) + ": \"" + report.name + "\" [" + report.lane + "]";
  if (!report.reason.empty()) text += ": " + report.reason;
  for (const finding& finding : report.findings)
    if (is_failing(finding) || is_doubtful(finding))
      text += std::string("\n") + word_for(finding.kind) + " " + finding.what;
  return text;
}

catch2_outcome judge(const report& report, bool may_be_undecided) {
  case_results& all = results();
  if (report.is_passed_over) {
    ++all.passed_over;
    return {catch2_outcome::passed, report.reason};
  }
  print(report);
  const std::string text = summary(report);
  switch (exit_code(report)) {
    case 0: ++all.clean; return {catch2_outcome::passed, text};
    case 1: ++all.faulty; break;
    case 3:
      if (may_be_undecided) {
        ++all.clean;
        return {catch2_outcome::passed, text};
      }
      ++all.undecided;
      break;
    case 77: ++all.skipped; return {catch2_outcome::skipped, text};
    default: ++all.broken; break;
  }
  ++all.failures_told;
  return {catch2_outcome::failed, text};
}

catch2_outcome fail(std::uint64_t& counter, const std::string& text) {
  ++counter;
  ++results().failures_told;
  std::cout.flush();
  std::cerr << text << std::endl;
  return {catch2_outcome::failed, text};
}

}  // namespace

namespace {

catch2_outcome run_case(const test_options& options, const body& body) {
  const report report = run_test(options, body);
  if (report.verdict == verdict::misused)
    return fail(results().misused, "usage error: " + report.reason + " (in \"" + options.name + "\")");
  return judge(report, options.may_be_undecided);
}

class made_case_invoker final : public Catch::ITestInvoker {
 public:
  explicit made_case_invoker(const catch2_made_case& made) : made_(made) {}
  void invoke() const override {
    const catch2_outcome outcome = run();
    if (outcome.kind == catch2_outcome::failed)
      FAIL_CHECK(outcome.text);
    else if (outcome.kind == catch2_outcome::skipped)
      RAVEL_DETAIL_SKIPPED(outcome.text);
    else
      SUCCEED(outcome.text);
  }

 private:
  [[nodiscard]] catch2_outcome run() const {
    if (made_.not_run.empty()) return run_case(made_.options, made_.body);
    ++results().skipped;
    const std::string text = "not run: \"" + made_.options.name + "\": " + made_.not_run;
    std::cout << text << std::endl;
    return {catch2_outcome::skipped, text};
  }

  const catch2_made_case& made_;
};

}  // namespace

catch2_outcome run_catch2_case(const test_options& options, void (*body)(trial&)) { return run_case(options, body); }

void add_catch2_case(catch2_made_case made, const std::string& tags, site place) {
  static std::list<catch2_made_case> all;
  const catch2_made_case& kept = all.emplace_back(std::move(made));
  if (kept.not_run.empty()) results().names.push_back(kept.options.name);
  auto* const invoker = new made_case_invoker(kept);
#if __has_include(<catch2/catch_test_macros.hpp>)
  Catch::Detail::unique_ptr<Catch::ITestInvoker> owned(invoker);
#else
  Catch::ITestInvoker* const owned = invoker;
#endif
  const Catch::AutoReg registered(std::move(owned), Catch::SourceLineInfo(place.file, place.line), Catch::StringRef(),
                                  Catch::NameAndTags{kept.options.name, tags});
}

bool is_clean_matcher::match(const report& report) const {
  // A report that RAVEL_REPLAY passed over is nobody's failure.
  if (report.is_passed_over) return true;
  if (exit_code(report) == 0) return true;
  print(report);
  return false;
}

std::string is_clean_matcher::describe() const { return "is clean (the report is printed above)"; }

}  // namespace ravel::detail

std::string Catch::StringMaker<ravel::report>::convert(const ravel::report& report) {
  return ravel::detail::summary(report);
}
