// SPDX-License-Identifier: MIT
// The interleaving in words: golden, because people read it.
#include "catch.hpp"

#include "report/words.hpp"

#include <ravel/finding.hpp>

#include <string>

namespace {

ravel::step step_of(const char* thread, const char* operation, const char* value, unsigned line, bool is_switch) {
  ravel::step step;
  step.thread = thread;
  step.operation = operation;
  step.object = "cache::size_";
  step.value = value;
  step.place.file = "/home/someone/cache.cpp";
  step.place.line = line;
  step.is_switch = is_switch;
  return step;
}

ravel::finding lost_update() {
  ravel::finding finding;
  finding.interleaving = {step_of("client#0", "read", "0", 41, false), step_of("client#1", "read", "0", 41, true),
                          step_of("client#1", "write", "1", 41, false), step_of("client#0", "write", "1", 41, true),
                          step_of("main", "read", "1", 57, true)};
  finding.interleaving[2].skipped = 12;
  finding.interleaving[2].skipped_what = "client#1: 8 reads, 4 writes";
  finding.is_minimised = true;
  finding.switches = 2;
  return finding;
}

}  // namespace

TEST_CASE("columns: one for each thread, switches marked", "[harness]") {
  CHECK(ravel::detail::interleaving_text(lost_update()) ==
        "  how it came about, with the fewest switches that show it, 2 (> another thread goes on):\n"
        "                     client#0                 client#1                 main\n"
        "      cache.cpp:41   read cache::size_ = 0\n"
        "    > cache.cpp:41                            read cache::size_ = 0\n"
        "      ... 12 steps of client#1: 8 reads, 4 writes\n"
        "      cache.cpp:41                            write cache::size_ = 1\n"
        "    > cache.cpp:41   write cache::size_ = 1\n"
        "    > cache.cpp:57                                                     read cache::size_ = 1\n");
}

TEST_CASE("columns: too many threads for a line give one line a step", "[harness]") {
  ravel::finding finding = lost_update();
  finding.interleaving[0].thread = std::string(60, 'c').c_str();
  const std::string text = ravel::detail::interleaving_text(finding);
  CHECK(text.find("      cache.cpp:41   " + std::string(60, 'c') + "   read cache::size_ = 0\n") != std::string::npos);
  CHECK(text.find("    > cache.cpp:41   client#1" + std::string(55, ' ') + "read cache::size_ = 0\n") !=
        std::string::npos);
}

TEST_CASE("columns: the number of switches reads well", "[harness]") {
  ravel::finding finding = lost_update();
  finding.switches = 1;
  CHECK(ravel::detail::interleaving_text(finding).find("with one switch that matters") != std::string::npos);
  finding.switches = 0;
  CHECK(ravel::detail::interleaving_text(finding).find("with no switch but where") != std::string::npos);
  finding.is_minimised = false;
  CHECK(ravel::detail::interleaving_text(finding).starts_with("  how it came about (> another"));
  CHECK(ravel::detail::interleaving_text(ravel::finding{}).empty());
}

TEST_CASE("columns: what decides is marked, spins and rounds are told in one line", "[harness]") {
  ravel::finding finding = lost_update();
  finding.switches = 1;
  for (ravel::step& step : finding.interleaving) step.calls = "the test body";
  ravel::step& look = finding.interleaving[1];
  look.times = 23;
  look.is_chosen = true;
  look.calls = "the test body > cache::wait()";
  finding.interleaving[3].is_marked = true;
  finding.interleaving[3].round = 3;
  finding.interleaving[3].came_again = 40;
  finding.interleaving[3].is_same_again = true;
  finding.left_out = "5 accesses of memory that no other thread touches";
  finding.trace_file = "/somewhere/cache.trace.txt";
  CHECK(
      ravel::detail::interleaving_text(finding) ==
      "  how it came about, with one switch that matters (> another thread goes on, >> by a switch that matters, * what "
      "this is about):\n"
      "                     client#0                 client#1                              main\n"
      "      cache.cpp:41   read cache::size_ = 0\n"
      "                                              cache::wait():\n"
      "   >> cache.cpp:41                            looked at cache::size_ 23 times = 0\n"
      "      ... 12 steps of client#1: 8 reads, 4 writes\n"
      "                                              the test body:\n"
      "      cache.cpp:41                            write cache::size_ = 1\n"
      "  * > cache.cpp:41   write cache::size_ = 1\n"
      "      ... these 3 steps came 40 times more, with the same values\n"
      "    > cache.cpp:57                                                                  read cache::size_ = 1\n"
      "  all of its steps, with 5 accesses of memory that no other thread touches: /somewhere/cache.trace.txt\n");
  finding.trace_file.clear();
  CHECK(ravel::detail::interleaving_text(finding).ends_with(
      "  left out of it: 5 accesses of memory that no other thread touches\n"));
}
