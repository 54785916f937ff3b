// SPDX-License-Identifier: MIT
// Test cases that CMakeLists.txt runs one by one, and whose exit codes and words it checks. Most are meant to fail.
#include "catch.hpp"

#include <ravel/catch2.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {
bool fails_to_print() { throw std::runtime_error("out of paper"); }
}  // namespace

RAVEL_TEST_CASE("clean", "[good]", .rounds = 20) {
  std::atomic<int> count = 0;
  trial.threads(4, "client", [&](ravel::worker&) { ++count; });
  trial.run();
  REQUIRE(count == 4);
  CHECK_FALSE(count == 5);
  CHECK_THROWS_AS(throw std::logic_error("on purpose"), std::logic_error);
  CHECK_NOTHROW(count = 0);
  SUCCEED("so far");
}

RAVEL_TEST_CASE("clean, may be undecided", "[good]", .rounds = 20, .may_be_undecided = true) {
  trial.thread("client", [](ravel::worker&) {});
  trial.run();
}

RAVEL_TEST_CASE("default options", "[good]") {
  trial.thread("client", [](ravel::worker&) {});
  trial.run();
}

RAVEL_TEST_CASE("faulty", "[bad]", .rounds = 20) {
  trial.threads(2, "client", [](ravel::worker& me) { me.require(me.index() == 0, "I am the first"); });
  trial.run();
}

RAVEL_TEST_CASE("odd name, \"quoted\" [x] it's *", "[bad]", .rounds = 20) {
  trial.thread("client", [](ravel::worker&) {});
  trial.run();
  trial.require(false, "nothing holds");
}

RAVEL_TEST_CASE("many failing checks", "[bad]", .rounds = 1) {
  trial.threads(4, "client", [](ravel::worker& me) {
    for (int i = 0; i < 2000; ++i) CHECK(me.index() == 17u);
  });
  trial.run();
}

RAVEL_TEST_CASE("messages from threads", "[bad]", .rounds = 1) {
  trial.threads(4, "client", [](ravel::worker& me) {
    for (int i = 0; i < 500; ++i) {
      const double half = i / 2.0;
      const std::string name = "item " + std::to_string(i);
      INFO("worker " << me.index() << " at " << half);
      CAPTURE(i, half, name, me.index());
      CHECK(i >= 0);
      CHECK(i != 400);
      CHECK(half < 240.25);
      CHECK(name != "item 321");
      if (i == 450) FAIL_CHECK("gave up at " << i);
    }
  });
  trial.run();
}

RAVEL_TEST_CASE("require in a thread", "[bad]", .rounds = 3) {
  std::atomic<int> went_on = 0;
  trial.threads(2, "client", [&](ravel::worker& me) {
    REQUIRE(me.index() == 17);
    ++went_on;
  });
  trial.run();
  trial.require(went_on == 0, "a failed REQUIRE ends its thread");
}

RAVEL_TEST_CASE("require in the body", "[bad]", .rounds = 3) {
  trial.thread("client", [](ravel::worker&) {});
  trial.run();
  REQUIRE(std::string("left") == "right");
  trial.require(false, "a failed REQUIRE ends the body");
}

RAVEL_TEST_CASE("exceptions in assertions", "[bad]", .rounds = 1) {
  trial.thread("client", [](ravel::worker&) {
    CHECK_THROWS(static_cast<void>(0));
    CHECK(fails_to_print());
    CHECK_THROWS_AS(throw std::runtime_error("x"), std::logic_error);
    CHECKED_IF(1 == 2) { FAIL_CHECK("CHECKED_IF entered"); }
    CHECKED_ELSE(1 == 2) { CHECK(std::string("else") == "entered"); }
    CHECK_NOFAIL(1 == 2);
  });
  trial.run();
}

RAVEL_TEST_CASE("check in a thread of the target", "[bad]", .rounds = 3) {
  trial.thread("client", [](ravel::worker&) { std::thread([] { CHECK(1 == 2); }).join(); });
  trial.run();
}

RAVEL_TEST_CASE("section inside", "[bad]", .rounds = 3) {
  trial.thread("client", [](ravel::worker&) {});
  trial.run();
  SECTION("a part") { CHECK(true); }
}

RAVEL_TEST_CASE("generate inside", "[bad]", .rounds = 3) {
  trial.thread("client", [](ravel::worker&) { CHECK(GENERATE(1, 2) == 1); });
  trial.run();
}

RAVEL_TEST_CASE("no thread", "[bad]", .rounds = 3) {}

RAVEL_TEST_CASE("never run", "[bad]", .rounds = 3) {
  trial.thread("client", [](ravel::worker&) {});
}

TEST_CASE("ordinary, good", "[good]") { CHECK(1 == 1); }
TEST_CASE("ordinary, bad", "[bad]") { CHECK(1 == 2); }

TEST_CASE("sections and generators around", "[good]") {
  const int threads = GENERATE(1, 3);
  std::vector<int> sizes;
  SECTION("few") { sizes = {1}; }
  SECTION("many") { sizes = {1, 2, 3}; }
  for (const int size : sizes) {
    const ravel::report report = ravel::stress({.name = "by hand", .rounds = 5}, [&](ravel::trial& trial) {
      std::atomic<int> count = 0;
      trial.threads(static_cast<unsigned>(threads), "client", [&](ravel::worker&) { count += size; });
      trial.run();
      CHECK(count == threads * size);
    });
    REQUIRE_THAT(report, ravel::is_clean());
    CHECK(report.threads_seen == static_cast<unsigned>(threads));
  }
}

TEST_CASE("by hand, faulty", "[bad]") {
  INFO("a message of the parent's");
  const ravel::report report = ravel::stress({.name = "by hand, faulty", .rounds = 5}, [](ravel::trial& trial) {
    trial.thread("client", [](ravel::worker&) { CHECK(2 + 2 == 5); });
    trial.run();
  });
  CHECK(report.findings.size() == 1);
  REQUIRE_THAT(report, ravel::is_clean());
}
