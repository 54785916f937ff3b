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
        "      ... 12 steps\n"
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
