// SPDX-License-Identifier: MIT
// The lock-order check end to end: names, words, what fails and what is for information only, groups,
// static, heap and annotated locks. The planted pairs (tests/planted/locks) hold it to many seeds.
#include "catch.hpp"

#include <ravel/annotate.h>
#include <ravel/checks/lock_order.hpp>
#include <ravel/stress.hpp>
#include <ravel/symbols.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

using ravel::finding_kind;
using guard = std::lock_guard<std::mutex>;

namespace {

std::mutex registry_lock, cache_lock, world_lock;
}  // namespace
std::mutex a, b;  // each the mangled name of a type
namespace {
struct holder {
  int before = 0;
  std::mutex lock;
} in_an_object;

ravel::report run(const ravel::body& body) { return ravel::stress({.name = "lock order", .rounds = 3}, body); }
const ravel::finding* find(const ravel::report& report) {
  const auto found = std::ranges::find(report.findings, finding_kind::lock_order, &ravel::finding::kind);
  return found == report.findings.end() ? nullptr : &*found;
}
bool says(const ravel::finding& finding, const std::string& thread, const std::string& action,
          const std::string& object) {
  return std::ranges::any_of(finding.actors, [&](const ravel::actor& actor) {
    return actor.thread == thread && actor.action == action && actor.object == object && actor.place.line != 0;
  });
}
// The threads take turns, so that no order here ever becomes a deadlock.
void in_turn(ravel::trial& trial, const std::function<void()>& first, const std::function<void()>& second) {
  std::atomic<bool> is_done{false};
  trial.thread("first", [&](ravel::worker&) {
    first();
    is_done = true;
  });
  trial.thread("second", [&](ravel::worker&) {
    while (!is_done) std::this_thread::yield();
    second();
  });
  trial.run();
}

}  // namespace

TEST_CASE("lock order: a global with a name of one letter keeps it", "[checks]") {
  const ravel::report report = run([](ravel::trial& trial) {
    in_turn(
        trial,
        [] {
          const guard outer(a);
          const guard inner(b);
        },
        [] {
          const guard outer(b);
          const guard inner(a);
        });
  });
  REQUIRE(find(report) != nullptr);
  CHECK(says(*find(report), "first#0", "holds", "a"));
  CHECK(says(*find(report), "first#0", "then wants", "b"));
}

TEST_CASE("lock order: both threads, both locks by name, both places", "[checks]") {
  const ravel::report report = run([](ravel::trial& trial) {
    in_turn(
        trial,
        [] {
          guard a(registry_lock);
          guard b(cache_lock);
        },
        [] {
          guard b(cache_lock);
          guard a(registry_lock);
        });
  });
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::faulty);
  const ravel::finding* finding = find(report);
  REQUIRE(finding != nullptr);
  CHECK_FALSE(finding->is_informative);
  CHECK(finding->actors.size() == 4);
  CHECK(says(*finding, "first#0", "holds", "registry_lock"));
  CHECK(says(*finding, "first#0", "then wants", "cache_lock"));
  CHECK(says(*finding, "second#0", "holds", "cache_lock"));
  CHECK(says(*finding, "second#0", "then wants", "registry_lock"));
  for (const ravel::actor& actor : finding->actors)
    CHECK(actor.place.file.find("lock_order.tests.cpp") != std::string::npos);
  CHECK(report.findings.size() == 1);
}

TEST_CASE("lock order: order-only is for information, and fails where the body asks for it", "[checks]") {
  for (const bool is_strict : {false, true}) {
    const ravel::report report = run([&](ravel::trial& trial) {
      if (is_strict) ravel::checks::lock_order strict{trial, {.order_only_fails = true}};
      in_turn(
          trial,
          [] {
            guard w(world_lock);
            guard a(registry_lock);
            guard b(cache_lock);
          },
          [] {
            guard w(world_lock);
            guard b(cache_lock);
            guard a(registry_lock);
          });
    });
    INFO(ravel::to_text(report));
    CHECK(report.verdict == (is_strict ? ravel::verdict::faulty : ravel::verdict::clean));
    const ravel::finding* finding = find(report);
    REQUIRE(finding != nullptr);
    CHECK(finding->is_informative == !is_strict);
    REQUIRE_FALSE(finding->notes.empty());
    CHECK(finding->notes[0].find("both hold world_lock") != std::string::npos);
  }
}

TEST_CASE("lock order: locks without a symbol are named by the place that locked them", "[checks]") {
  const ravel::report report = run([](ravel::trial& trial) {
    struct account {
      std::mutex lock;
    };
    const auto one = std::make_unique<account>(), other = std::make_unique<account>();
    const auto transfer = [](account& from, account& to) {
      guard a(from.lock);
      guard b(to.lock);
    };
    in_turn(trial, [&] { transfer(*one, *other); }, [&] { transfer(*other, *one); });
  });
  INFO(ravel::to_text(report));
  const ravel::finding* finding = find(report);
  REQUIRE(finding != nullptr);
  CHECK(finding->actors[0].object.find("locked at lock_order.tests.cpp:") != std::string::npos);
  CHECK(finding->actors[0].object != finding->actors[1].object);
}

TEST_CASE("lock order: annotated names come first", "[checks]") {
  const ravel::report report = run([](ravel::trial& trial) {
    static char left, right;
    const auto take = [](char* outer, const char* outer_name, char* inner, const char* inner_name) {
      RAVEL_LOCK_REQUESTED(outer, outer_name);
      RAVEL_LOCK_ACQUIRED(outer, outer_name);
      RAVEL_LOCK_REQUESTED(inner, inner_name);
      RAVEL_LOCK_ACQUIRED(inner, inner_name);
      RAVEL_LOCK_RELEASED(inner);
      RAVEL_LOCK_RELEASED(outer);
    };
    in_turn(
        trial, [&] { take(&left, "left side", &right, "right side"); },
        [&] { take(&right, "right side", &left, "left side"); });
  });
  INFO(ravel::to_text(report));
  const ravel::finding* finding = find(report);
  REQUIRE(finding != nullptr);
  CHECK(says(*finding, "first#0", "holds", "left side"));
  CHECK(says(*finding, "first#0", "then wants", "right side"));
}

TEST_CASE("lock order: a group orders its members with what is outside only", "[checks]") {
  const ravel::report clean = run([](ravel::trial& trial) {
    in_turn(
        trial,
        [] {
          guard w(world_lock);
          std::scoped_lock both(registry_lock, cache_lock);
        },
        [] { std::scoped_lock both(cache_lock, registry_lock); });
  });
  INFO(ravel::to_text(clean));
  CHECK(clean.findings.empty());
  const ravel::report faulty = run([](ravel::trial& trial) {
    in_turn(
        trial,
        [] {
          guard w(world_lock);
          std::scoped_lock both(registry_lock, cache_lock);
        },
        [] {
          guard b(cache_lock);
          guard w(world_lock);
        });
  });
  INFO(ravel::to_text(faulty));
  REQUIRE(find(faulty) != nullptr);
  CHECK(says(*find(faulty), "first#0", "then wants", "cache_lock"));
}

TEST_CASE("lock order: can be switched off", "[checks]") {
  const ravel::report report =
      ravel::stress({.name = "off", .rounds = 2, .without = {"lock_order"}}, [](ravel::trial& trial) {
        in_turn(
            trial,
            [] {
              guard a(registry_lock);
              guard b(cache_lock);
            },
            [] {
              guard b(cache_lock);
              guard a(registry_lock);
            });
      });
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(report.findings.empty());
}

TEST_CASE("object names: statics, members of statics, locals, and nothing for the rest", "[checks]") {
  static std::mutex local;
  std::mutex on_stack;
  CHECK(ravel::object_name(&registry_lock) == "registry_lock");
  CHECK(ravel::object_name(&in_an_object) == "in_an_object");
  CHECK(ravel::object_name(&in_an_object.lock) == "in_an_object+0x8");
  CHECK(ravel::object_name(&local).find("local") != std::string::npos);
  CHECK(ravel::object_name(&on_stack).empty());
  CHECK(ravel::object_name(std::make_unique<int>().get()).empty());
}
