// SPDX-License-Identifier: MIT
// The words of a report: one golden text, and the parts that depend on what the report says.
#include "catch.hpp"
#include "report/words.hpp"

#include <ravel/report.hpp>

#include <cstdlib>
#include <string>
#include <vector>

using ravel::finding_kind;
using ravel::verdict;

namespace {

ravel::frame frame_at(const char* function, const char* file, unsigned line, bool is_user = true) {
  ravel::frame frame;
  frame.function = function;
  frame.file = file;
  frame.line = line;
  frame.module = "/opt/shop/cache_test";
  frame.is_user = is_user;
  return frame;
}

ravel::actor actor_at(const char* thread, const char* action, std::vector<ravel::frame> stack) {
  ravel::actor actor;
  actor.thread = thread;
  actor.action = action;
  for (const ravel::frame& frame : stack)
    if (frame.is_user && actor.place.file.empty()) actor.place = frame;
  actor.stack = std::move(stack);
  return actor;
}

ravel::finding race() {
  ravel::finding race;
  race.kind = finding_kind::race;
  race.what = "on session_cache::size_ (4 bytes)";
  const char* lambda = "ravel_test_body_0(ravel::trial&)::$_0::operator()(ravel::worker&) const";
  race.actors = {
      actor_at("writer#1", "wrote",
               {frame_at("void std::__invoke<int>(int&&)", "/usr/include/c++/12/bits/invoke.h", 61, false),
                frame_at("shop::session_cache::store(int, std::string const&)", "session_cache.cpp", 41),
                frame_at(lambda, "cache_test.cpp", 9),
                frame_at("ravel::detail::worker_pool::run_job(ravel::detail::job const&)", "pool.cpp", 136, false)}),
      actor_at("releaser#0", "read", {frame_at("shop::session_cache::release(int)", "session_cache.cpp", 57)})};
  race.notes = {"likely cause: size_ is written under lock_ and read without it"};
  race.first_trial = 17;
  race.trials_seen = 412;
  race.trials_counted = 1000;
  race.sightings = 412;
  race.token = "r1.4f2a.stress.7.17";
  race.rerun = "RAVEL_REPLAY=r1.4f2a.stress.7.17 ctest --test-dir /b -R '^cache_test.stress.thread$' -V";
  return race;
}

ravel::report faulty() {
  ravel::report report;
  report.verdict = verdict::faulty;
  report.name = "cache: every stored entry is released";
  report.lane = "cache_test.stress.thread";
  report.mode = "stress";
  report.variant = "thread";
  report.seed = 7;
  report.trials_run = report.trials_wanted = 1000;
  report.threads_seen = 8;
  report.seconds = 3.24;
  report.findings = {race()};
  report.uninstrumented = {"libtbb.so.12"};
  return report;
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("report text: a race, word for word", "[harness]") {
  REQUIRE(ravel::to_text(faulty()) ==
          "RACE on session_cache::size_ (4 bytes)                      [cache_test.stress.thread, round 17 of 1000]\n"
          "  writer#1    wrote  session_cache.cpp:41  session_cache::store()\n"
          "  releaser#0  read   session_cache.cpp:57  session_cache::release()\n"
          "  stack of writer#1, which wrote\n"
          "      ... 1 frame of std, entered by std::__invoke()\n"
          "    > session_cache.cpp:41  session_cache::store()\n"
          "      cache_test.cpp:9      lambda in the test body\n"
          "  likely cause: size_ is written under lock_ and read without it\n"
          "  seen in 412 of 1000 rounds\n"
          "  rerun: RAVEL_REPLAY=r1.4f2a.stress.7.17 ctest --test-dir /b -R '^cache_test.stress.thread$' -V\n"
          "\n"
          "faulty: 1 finding in \"cache: every stored entry is released\"; 1000 rounds, 8 threads, 3.2 s, seed 7; "
          "uninstrumented: libtbb.so.12\n");
}

TEST_CASE("report text: a clean report is one line that says what was covered", "[harness]") {
  ravel::report report = faulty();
  report.verdict = verdict::clean;
  report.findings.clear();
  report.uninstrumented.clear();
  report.trials_run = 412;
  REQUIRE(ravel::to_text(report) ==
          "clean: nothing found in \"cache: every stored entry is released\"; 412 of 1000 rounds, 8 threads, 3.2 s, "
          "seed 7\n");
  report.is_cut_short = true;  // more than a tenth is no news
  REQUIRE(has(ravel::to_text(report), "released\"; 412 of 1000 rounds"));
  report.trials_run = 40;
  REQUIRE(has(ravel::to_text(report), "released\", but time ended after 4% of the rounds; 40 of 1000 rounds"));
  report.trials_wanted = 20'000;
  REQUIRE(has(ravel::to_text(report), "but time ended after 0.2% of the rounds; 40 of 20000 rounds"));
}

TEST_CASE("report text: broken, undecided and skipped give their reason", "[harness]") {
  ravel::report report = faulty();
  report.findings.clear();
  report.verdict = verdict::broken;
  report.reason = "no round ran";
  REQUIRE(ravel::to_text(report).starts_with("broken: no round ran (\"cache: every"));
  report.verdict = verdict::undecided;
  report.reason = "the history is too long";
  REQUIRE(ravel::to_text(report).starts_with("undecided: the history is too long"));
  report.verdict = verdict::skipped;
  report.reason = "";
  REQUIRE(ravel::to_text(report).starts_with("skipped: no reason was given"));
}

TEST_CASE("report text: a suppressed and an informative finding say that they do not count", "[harness]") {
  ravel::report report = faulty();
  report.findings[0].suppressed = "a statistic, issue 12";
  const std::string suppressed = ravel::to_text(report.findings[0], report);
  REQUIRE(suppressed.starts_with("suppressed: RACE on session_cache::size_"));
  REQUIRE(has(suppressed, "accepted because: a statistic, issue 12"));
  REQUIRE_FALSE(has(suppressed, "rerun"));
  report.findings[0].suppressed.clear();
  report.findings[0].is_informative = true;
  REQUIRE(has(ravel::to_text(report.findings[0], report), "this does not fail the test"));
  report.verdict = verdict::clean;
  REQUIRE(has(ravel::to_text(report), "clean: nothing found in \"cache: every stored entry is released\", 1 that do"));
}

TEST_CASE("report text: a stack without a frame of the user's is shown whole", "[harness]") {
  ravel::report report = faulty();
  ravel::frame deep = frame_at("abort", "", 0, false);
  deep.module = "/lib/libc.so.6";
  deep.offset = 0x28;
  report.findings[0].actors = {actor_at("main", "called abort", {deep})};
  const std::string text = ravel::to_text(report.findings[0], report);
  REQUIRE(has(text, "libc.so.6+0x28  abort()"));
}

TEST_CASE("report text: threads with equal stacks share one", "[harness]") {
  ravel::report report = faulty();
  report.findings[0].actors[1] = report.findings[0].actors[0];
  report.findings[0].actors[1].thread = "writer#3";
  const std::string text = ravel::to_text(report.findings[0], report);
  REQUIRE(has(text, "  stack of writer#1, which wrote; the same of writer#3, which wrote\n"));
  REQUIRE(text.find("    > ") == text.rfind("    > "));
}

TEST_CASE("report text: after twenty findings only headlines follow", "[harness]") {
  ravel::report report = faulty();
  report.findings.assign(23, race());
  const std::string text = ravel::to_text(report);
  std::size_t reruns = 0, headlines = 0;
  for (std::size_t at = 0; (at = text.find("  rerun: ", at)) != std::string::npos; ++at) ++reruns;
  for (std::size_t at = 0; (at = text.find("RACE on", at)) != std::string::npos; ++at) ++headlines;
  REQUIRE(reruns == 20);
  REQUIRE(headlines == 23);
  REQUIRE(has(text, "The other 3 findings by their headlines only"));
}

TEST_CASE("report text: each kind has a word of its own", "[harness]") {
  std::vector<std::string> words;
  for (int kind = 0; kind <= static_cast<int>(finding_kind::misuse); ++kind) {
    const std::string word = ravel::word_for(static_cast<finding_kind>(kind));
    CHECK(word != "FINDING");
    for (const std::string& other : words) CHECK(word != other);
    words.push_back(word);
  }
}

TEST_CASE("report: exit codes follow the verdict, and skipped without a reason is broken", "[harness]") {
  REQUIRE(ravel::exit_code(verdict::clean) == 0);
  REQUIRE(ravel::exit_code(verdict::faulty) == 1);
  REQUIRE(ravel::exit_code(verdict::undecided) == 3);
  REQUIRE(ravel::exit_code(verdict::broken) == 70);
  REQUIRE(ravel::exit_code(verdict::skipped) == 77);
  ravel::report report;
  report.verdict = verdict::skipped;
  REQUIRE(ravel::exit_code(report) == 70);
  report.reason = "no Valgrind here";
  REQUIRE(ravel::exit_code(report) == 77);
}

TEST_CASE("report text: the worst of several runs gives the exit code", "[harness]") {
  using ravel::verdict;
  const auto with = [](verdict verdict, bool is_passed_over = false) {
    ravel::report report;
    report.verdict = verdict;
    report.reason = "a reason";
    report.is_passed_over = is_passed_over;
    return report;
  };
  const ravel::report over = with(verdict::skipped, true);
  const auto code = [](std::vector<ravel::report> reports) { return ravel::exit_code(reports); };
  CHECK(code({with(verdict::clean), with(verdict::faulty), with(verdict::undecided)}) == 1);
  CHECK(code({with(verdict::faulty), with(verdict::broken)}) == 70);
  CHECK(code({with(verdict::skipped), with(verdict::clean)}) == 0);
  CHECK(code({with(verdict::skipped), with(verdict::skipped)}) == 77);
  CHECK(code({over, with(verdict::faulty)}) == 1);
  CHECK(code({over, with(verdict::clean)}) == 0);
  CHECK(code({over, over}) == 64);
  CHECK(code({}) == 70);
}
