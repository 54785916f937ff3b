// SPDX-License-Identifier: MIT
// Valgrind's log read as errors, and which of them are none of the program's.
#include "catch.hpp"

#include "valgrind/log_findings.hpp"
#include "valgrind/log_text.hpp"

#include <memory>
#include <string>

using namespace ravel::checks::valgrind;
using ravel::finding_kind;

namespace {

std::vector<log_error> parse(const std::string& text) {
  std::uint32_t thread = 1;
  return parse_log(text, 7, thread);
}

std::string race(const std::string& top, const std::string& other) {
  return "==7== ---Thread-Announcement---\n==7== \n==7== Thread #3 was created\n==7==    at 0x1: clone (clone.S:76)\n"
         "==7== \n==7== ----\n==7== \n"
         "==7== Possible data race during write of size 4 at 0xC0A4 by thread #3\n==7== Locks held: none\n" +
         top + "==7== \n==7== This conflicts with a previous read of size 4 by thread #2\n==7== Locks held: none\n" +
         other + "==7==  Address 0xc0a4 is 0 bytes inside data symbol \"counter\"\n==7== \n";
}

const std::string users = "==7==    at 0x100: add() (user.cpp:8)\n==7==    by 0x200: main (user.cpp:20)\n";
const std::string atomics = "==7==    at 0x100: store (atomic_base.h:464)\n==7==    by 0x100: add() (user.cpp:8)\n";
const std::string ravels =
    "==7==    at 0x300: load (atomic_base.h:488)\n==7==    by 0x300: ravel::detail::worker_pool::serve() (pool.cpp:95)\n";

}  // namespace

TEST_CASE("valgrind: a race is read with both stacks and its variable", "[checks]") {
  const auto errors = parse(race(users, users));
  REQUIRE(errors.size() == 1);
  REQUIRE(errors[0].parts.size() >= 2);
  CHECK(errors[0].parts[0].thread == 3);
  CHECK(errors[0].parts[1].thread == 2);
  REQUIRE(errors[0].parts[0].frames.size() == 2);
  CHECK(errors[0].parts[0].frames[0].pc == 0x101);
  CHECK(errors[0].parts[0].frames[0].file == "user.cpp");
  CHECK(errors[0].parts[0].frames[0].line == "8");
  CHECK(noise_of(errors[0]) == noise::none);
  CHECK(kind_of(errors[0]) == finding_kind::race);
  const auto finding = std::make_unique<ravel::raw_finding>();
  describe(*finding, errors[0], "helgrind");
  CHECK(std::string(finding->what.c_str()) == "on counter (4 bytes)");
  CHECK(std::string(finding->actor[0].action.c_str()) == "wrote");
  CHECK(std::string(finding->actor[1].action.c_str()) == "read");
}

TEST_CASE("valgrind: std::atomic on both sides is no race, on one side it is", "[checks]") {
  CHECK(noise_of(parse(race(atomics, atomics)).at(0)) == noise::atomic);
  CHECK(noise_of(parse(race(atomics, users)).at(0)) == noise::none);
  CHECK(noise_of(parse(race(users, atomics)).at(0)) == noise::none);
}

TEST_CASE("valgrind: Ravel's own synchronisation is not told of", "[checks]") {
  CHECK(noise_of(parse(race(ravels, ravels)).at(0)) == noise::ravels_own);
}

TEST_CASE("valgrind: the two ways to tell of one race have one signature", "[checks]") {
  std::string swapped = race(users, users);
  swapped.replace(swapped.find("write of size"), 5, "read ");
  CHECK(signature_of(parse(race(users, users)).at(0)) == signature_of(parse(swapped).at(0)));
}

TEST_CASE("valgrind: lines of other processes are left out", "[checks]") {
  std::uint32_t thread = 1;
  CHECK(parse_log(race(users, users), 8, thread).empty());
}

TEST_CASE("valgrind: Memcheck names the thread once, and it stays", "[checks]") {
  const auto errors = parse(
      "==7== Thread 3:\n==7== Invalid write of size 4\n==7==    at 0x100: f() (user.cpp:8)\n"
      "==7==  Address 0x4d is 4 bytes inside a block of size 8 free'd\n==7==    at 0x200: operator delete[](void*) (in /x.so)\n"
      "==7==  Block was alloc'd at\n==7==    at 0x300: operator new[](unsigned long) (in /x.so)\n==7== \n"
      "==7== Conditional jump or move depends on uninitialised value(s)\n==7==    at 0x400: g() (user.cpp:9)\n==7== \n");
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].parts.size() == 3);
  CHECK(errors[0].parts[0].thread == 3);
  CHECK(errors[1].parts[0].thread == 3);
  CHECK(kind_of(errors[0]) == finding_kind::memory_error);
  CHECK(kind_of(errors[1]) == finding_kind::memory_error);
  const auto finding = std::make_unique<ravel::raw_finding>();
  describe(*finding, errors[0], "memcheck");
  CHECK(std::string(finding->what.c_str()) ==
        "invalid write of size 4: 4 bytes inside a block of size 8 that was freed");
}

TEST_CASE("valgrind: a lost block is a leak, what only it points to is told with it", "[checks]") {
  const auto errors = parse(
      "==7== 88 bytes in 2 blocks are indirectly lost in new loss record 1 of 2\n==7==    at 0x1: malloc (in /x.so)\n==7== \n"
      "==7== 154 (66 direct, 88 indirect) bytes in 2 blocks are definitely lost in new loss record 2 of 2\n"
      "==7==    at 0x1: malloc (in /x.so)\n==7==    by 0x2: keep() (cache.cpp:7)\n==7== \n");
  REQUIRE(errors.size() == 2);
  CHECK(noise_of(errors[0]) == noise::told_elsewhere);
  CHECK(kind_of(errors[1]) == finding_kind::leak);
  const auto finding = std::make_unique<ravel::raw_finding>();
  describe(*finding, errors[1], "memcheck");
  CHECK(std::string(finding->what.c_str()) == "of 154 bytes in 2 blocks, to which no pointer is left");
}

TEST_CASE("valgrind: an error of an unknown sort is still told", "[checks]") {
  const auto errors = parse("==7== Something nobody has seen\n==7==    at 0x1: f() (user.cpp:1)\n==7== \n");
  REQUIRE(errors.size() == 1);
  CHECK(kind_of(errors[0]) == finding_kind::tool_error);
}
