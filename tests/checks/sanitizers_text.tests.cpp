// SPDX-License-Identifier: MIT
// What is read from the sanitizers' texts: leaks and what is new of them, stacks, locks held, ASan's reports.
#include "catch.hpp"

#include "sanitizers/asan_report.hpp"
#include "sanitizers/leak_text.hpp"
#include "sanitizers/raw_text.hpp"
#include "sanitizers/report_text_lines.hpp"
#include "sanitizers/tsan_locks_held.hpp"
#include "sanitizers/tsan_report.hpp"

#include <cstring>
#include <memory>
#include <string>

using namespace ravel::checks::sanitizers;

namespace {

const char* const leaks = R"(
=================================================================
==7==ERROR: LeakSanitizer: detected memory leaks

Direct leak of 96 byte(s) in 2 object(s) allocated from:
    #0 0x1000 in malloc (/lib/libasan.so.8+0x1)
    #1 0x2000 in keep cache.cpp:7

Indirect leak of 8 byte(s) in 1 object(s) allocated from:
    #0 0x1000 in malloc (/lib/libasan.so.8+0x1)
    #1 0x3000 in node cache.cpp:9

SUMMARY: AddressSanitizer: 104 byte(s) leaked in 3 allocation(s).
)";

text_line line_of(const char* text) { return {text, text + std::strlen(text)}; }

}  // namespace

TEST_CASE("sanitizers: a frame's address becomes the return address", "[checks]") {
  CHECK(frame_address(line_of("    #3 0xbeef in f file.cpp:7")) == 0xbef0);
  CHECK(frame_address(line_of("    #12 0x10  (/lib/x.so+0x1)")) == 0x11);
  CHECK(frame_address(line_of("#3 0xbeef in f")) == 0);
  CHECK(frame_address(line_of("    0xbeef in f")) == 0);
  CHECK(frame_address(line_of("")) == 0);
}

TEST_CASE("sanitizers: leaks are read from LeakSanitizer's text", "[checks]") {
  const leak_report report = parse_leaks(leaks);
  REQUIRE(report.direct.size() == 1);
  CHECK(report.direct[0].bytes == 96);
  CHECK(report.direct[0].blocks == 2);
  REQUIRE(report.direct[0].stack.depth == 2);
  CHECK(report.direct[0].stack.pc[1] == 0x2001);
  CHECK(report.indirect_bytes == 8);
  CHECK(report.indirect_blocks == 1);
}

TEST_CASE("sanitizers: a leak that was told before is not told again, one that grew is told by what came", "[checks]") {
  known_leaks known;
  leak_report report = parse_leaks(leaks);
  CHECK(known.take_new(report).direct.size() == 1);
  CHECK(known.take_new(report).direct.empty());
  report.direct[0].bytes += 48;
  report.direct[0].blocks += 1;
  const leak_report fresh = known.take_new(report);
  REQUIRE(fresh.direct.size() == 1);
  CHECK(fresh.direct[0].bytes == 48);
  CHECK(fresh.direct[0].blocks == 1);
  CHECK(fresh.indirect_blocks == 0);
}

TEST_CASE("sanitizers: the locks a thread held are read from TSan's text", "[checks]") {
  const std::string text =
      "WARNING: ThreadSanitizer: data race (pid=1)\n"
      "  Write of size 4 at 0x1 by thread T1 (mutexes: write M0, read M12):\n    #0 f\n\n"
      "  Previous read of size 4 at 0x1 by main thread:\n    #0 g\n";
  const text_range first = locks_held_in(text.data(), text.size(), 0);
  CHECK(std::string(first.begin, first.size) == "write M0, read M12");
  CHECK(locks_held_in(text.data(), text.size(), 1).size == 0);
  CHECK(locks_held_in(text.data(), text.size(), 2).size == 0);
}

TEST_CASE("sanitizers: every kind of TSan's has words, an unknown one is told as the tool's", "[checks]") {
  CHECK(tsan_kind_of("data-race").kind == ravel::finding_kind::race);
  CHECK(tsan_kind_of("lock-order-inversion").kind == ravel::finding_kind::lock_order);
  CHECK(tsan_kind_of("something new").kind == ravel::finding_kind::tool_error);
}

TEST_CASE("sanitizers: ASan's text becomes access, free and allocation", "[checks]") {
  const auto finding = std::make_unique<ravel::raw_finding>();
  describe_asan_report(*finding,
                       "a.cpp:1:1: runtime error: something before\nSUMMARY: UndefinedBehaviorSanitizer: a.cpp:1:1\n"
                       "==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x60 at pc 0x10 bp 0x1 sp 0x2\n"
                       "WRITE of size 4 at 0x60 thread T1\n    #0 0x10 in f a.cpp:1\n    #1 0x20 in g a.cpp:2\n\n"
                       "0x60 is located 4 bytes inside of 16-byte region [0x5c,0x6c)\n"
                       "freed by thread T0 here:\n    #0 0x30 in operator delete\n\n"
                       "previously allocated by thread T0 here:\n    #0 0x40 in operator new\n\n"
                       "Thread T1 created by T0 here:\n    #0 0x50 in pthread_create\n",
                       "heap-use-after-free");
  CHECK(std::string(finding->what.c_str()) ==
        "use of heap memory after it was freed: 4 bytes inside of 16-byte region");
  REQUIRE(finding->actor_count == 3);
  CHECK(std::string(finding->actor[0].action.c_str()) == "wrote 4 bytes");
  CHECK(finding->actor[0].stack.depth == 2);
  CHECK(std::string(finding->actor[1].action.c_str()) == "freed it");
  CHECK(finding->actor[1].stack.pc[0] == 0x31);
  CHECK(std::string(finding->actor[2].action.c_str()) == "allocated it");
  CHECK(finding->actor[2].stack.depth == 1);
}

TEST_CASE("sanitizers: what no hook told of is noticed", "[checks]") {
  const std::string race = "WARNING: ThreadSanitizer: data race (pid=1)\n";
  CHECK(find_untold(race, 1, 0).headline.empty());
  CHECK_FALSE(find_untold(race, 0, 0).headline.empty());
  CHECK_FALSE(find_untold("==1==AddressSanitizer CHECK failed: x.cpp:1\n", 1, 0).headline.empty());
  CHECK(find_untold(leaks, 0, 1).headline.empty());
  CHECK_FALSE(find_untold(leaks, 0, 0).headline.empty());
  CHECK_FALSE(find_untold("==1==ERROR: LeakSanitizer has encountered a fatal error.\n", 0, 0).headline.empty());
  CHECK(find_untold("the target's own words\n", 0, 0).headline.empty());
}
