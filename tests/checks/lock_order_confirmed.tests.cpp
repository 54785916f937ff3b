// SPDX-License-Identifier: MIT
// A lock order that can deadlock, in explore mode: executions are directed to the deadlock, and the finding says
// whether one came to it. The bodies have synchronisation points only, so that they are the same in every build.
#include "catch.hpp"

#include <ravel/explore.hpp>
#include <ravel/report.hpp>
#include <ravel/token.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

using ravel::finding_kind;
using guard = std::lock_guard<std::mutex>;

namespace {

void pass_points(int count) {
  std::mutex own;
  for (int i = 0; i < count; ++i) const guard passing(own);
}

// Each of `threads` takes two locks once, the first at its start, the last one near its end: a random walk hardly ever
// stops each of them between the two.
ravel::body narrow_circle(unsigned threads) {
  return [=](ravel::trial& trial) {
    std::mutex locks[4];
    for (unsigned i = 0; i < threads; ++i)
      trial.thread("taker", [&, i](ravel::worker&) {
        pass_points(static_cast<int>(i) * 800);
        const guard outer(locks[i]);
        const guard inner(locks[(i + 1) % threads]);
      });
    trial.run();
  };
}

// The target's own way of locking: every call comes from the same place.
struct own_mutex {
  std::mutex inner;
  [[gnu::noinline]] void lock() {
    inner.lock();
    is_taken = true;
  }
  [[gnu::noinline]] void unlock() {
    is_taken = false;
    inner.unlock();
  }
  bool is_taken = false;
};

void by_own_mutex(ravel::trial& trial) {
  own_mutex first, second, others[2];
  const auto take_others = [&] {
    const std::lock_guard outer(others[0]);
    const std::lock_guard inner(others[1]);
  };
  trial.thread("there", [&](ravel::worker&) {
    take_others();
    const std::lock_guard outer(first);
    const std::lock_guard inner(second);
  });
  trial.thread("back", [&](ravel::worker&) {
    take_others();
    pass_points(800);
    const std::lock_guard outer(second);
    const std::lock_guard inner(first);
  });
  trial.run();
}

// What the lock order cannot see: the second waits until the first has done with the locks.
void kept_apart_by_a_flag(ravel::trial& trial) {
  std::mutex first, second;
  std::atomic<bool> is_done{false};
  trial.thread("there", [&](ravel::worker&) {
    {
      const guard outer(first);
      const guard inner(second);
    }
    is_done = true;
  });
  trial.thread("back", [&](ravel::worker&) {
    while (!is_done) std::this_thread::yield();
    const guard outer(second);
    const guard inner(first);
  });
  trial.run();
}

void kept_apart_by_a_guard(ravel::trial& trial) {
  std::mutex first, second, both;
  trial.threads(2, "taker", [&](ravel::worker& me) {
    const guard outermost(both);
    const guard outer(me.index() == 0 ? first : second);
    const guard inner(me.index() == 0 ? second : first);
  });
  trial.run();
}

ravel::explore_options options(std::uint64_t seed = 1) {
  return {.name = "confirmed", .executions = 2, .seed = seed, .strategy = "random"};
}

const ravel::finding* found(const ravel::report& report, finding_kind kind) {
  const auto one = std::ranges::find(report.findings, kind, &ravel::finding::kind);
  return one == report.findings.end() ? nullptr : &*one;
}

ravel::report replayed(const ravel::finding& finding, const ravel::body& body) {
  setenv("RAVEL_REPLAY", finding.token.c_str(), 1);
  ravel::report report = ravel::explore(options(), body);
  unsetenv("RAVEL_REPLAY");
  return report;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void check_confirmed(const ravel::report& report, const ravel::body& body) {
  const std::string text = ravel::to_text(report);
  INFO(text);
  const ravel::finding* order = found(report, finding_kind::lock_order);
  REQUIRE(order != nullptr);
  CHECK(order->is_confirmed);
  CHECK(order->replays == order->replays_shown);
  CHECK(order->is_minimised);
  CHECK(has(text, "CONFIRMED, replay: RAVEL_REPLAY=" + order->token));
  CHECK_FALSE(ravel::parse_token(order->token).schedule.empty());
  const ravel::report again = replayed(*order, body);
  INFO(ravel::to_text(again));
  CHECK(found(again, finding_kind::deadlock) != nullptr);
}

}  // namespace

TEST_CASE("lock order, confirmed: a circle that a random walk misses is brought about, on both engines", "[checks]") {
  ravel::explore_options chosen = options();
  check_confirmed(ravel::explore(chosen, narrow_circle(3)), narrow_circle(3));
  chosen.engine = ravel::engine_choice::kernel;
  check_confirmed(ravel::explore(chosen, narrow_circle(2)), narrow_circle(2));
}

TEST_CASE("lock order, confirmed: locks that are all taken in one place of the code are told apart", "[checks]") {
  check_confirmed(ravel::explore(options(), by_own_mutex), by_own_mutex);
}

TEST_CASE("lock order, confirmed: what a flag keeps apart is not, and the finding says in how many", "[checks]") {
  const ravel::report report = ravel::explore(options(), kept_apart_by_a_flag);
  const ravel::finding* order = found(report, finding_kind::lock_order);
  REQUIRE(order != nullptr);
  CHECK_FALSE(order->is_confirmed);
  CHECK(order->directed >= 10);
  CHECK(has(ravel::to_text(report), "not confirmed in " + std::to_string(order->directed) + " executions"));
  const ravel::report again = replayed(*order, kept_apart_by_a_flag);
  REQUIRE(found(again, finding_kind::lock_order) != nullptr);
  CHECK(found(again, finding_kind::lock_order)->directed == 0);
}

TEST_CASE("lock order, confirmed: what cannot happen today is not tried", "[checks]") {
  const ravel::report report = ravel::explore(options(), kept_apart_by_a_guard);
  const ravel::finding* order = found(report, finding_kind::lock_order);
  REQUIRE(order != nullptr);
  CHECK(order->is_informative);
  CHECK(order->directed == 0);
  CHECK_FALSE(has(ravel::to_text(report), "to confirm"));
  CHECK_FALSE(has(ravel::to_text(report), "not confirmed"));
}

TEST_CASE("lock order, confirmed: without isolation nothing is tried, and the finding says so", "[checks]") {
  ravel::explore_options chosen = options();
  chosen.isolation = ravel::isolation::none;
  const ravel::report report = ravel::explore(chosen, kept_apart_by_a_flag);
  const ravel::finding* order = found(report, finding_kind::lock_order);
  REQUIRE(order != nullptr);
  CHECK(order->directed == 0);
  CHECK(has(ravel::to_text(report), "not tried to confirm"));
}
