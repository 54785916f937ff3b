// SPDX-License-Identifier: MIT
// pct keeps its promise: a fault of depth d is found with a probability of at least 1/(n k^(d-1)).
#include "catch.hpp"
#include "explored_body.hpp"
#include "shared_value.hpp"
#include "strategy/pct.hpp"

#include <atomic>
#include <thread>

namespace {

using explored::reads;
using explored::writes;

struct measured {
  double hit_rate;
  double bound;  // 1/(n k^(d-1))
};

constexpr std::uint64_t executions = 6'000;

// body(trial) returns whether the fault showed.
template <class Body>
measured measure(std::uint32_t depth, Body body) {
  shared_value<std::atomic<std::uint64_t>> hits;
  ravel::explore_options options;
  options.executions = executions;
  explored::explored_body explored(
      options, [&](ravel::detail::shared_arena& arena) { return arena.make<ravel::detail::pct_strategy>(depth); });
  const ravel::report report = explored.run([&](ravel::trial& trial) {
    if (body(trial)) ++*hits;
  });
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(report.trials_run == executions);
  const double points = static_cast<double>(report.points_seen) / static_cast<double>(executions);
  double bound = 1.0 / static_cast<double>(report.threads_seen);
  for (std::uint32_t i = 1; i < depth; ++i) bound /= points;
  return {static_cast<double>(hits->load()) / static_cast<double>(executions), bound};
}

// Depth 2: both threads must read before either writes. Padded, so that k is larger than what matters.
bool loses_update(ravel::trial& trial) {
  int shared = 0, other[2] = {};
  trial.threads(2, "adder", [&](ravel::worker& me) {
    for (int i = 0; i < 6; ++i) writes(other[me.index()], i, 3);
    writes(shared, reads(shared, 1) + 1, 2);
    for (int i = 0; i < 6; ++i) writes(other[me.index()], i, 4);
  });
  trial.run();
  return shared == 1;
}

// Depth 3: the steps of the two must alternate, first the one and last the other.
bool alternates(ravel::trial& trial) {
  int at = 0, other[2] = {};
  trial.threads(2, "stepper", [&](ravel::worker& me) {
    for (int i = 0; i < 4; ++i) writes(other[me.index()], i, 3);
    for (int step = 0; step < 2; ++step) {
      explored::point_at(ravel::detail::operation::atomic_update, &at, 1);
      if (at == 2 * step + static_cast<int>(me.index())) ++at;
    }
  });
  trial.run();
  return at == 4;
}

// Depth 1: a thread that has just been created is the higher one, and goes on before its creator does.
bool child_comes_first(ravel::trial& trial) {
  int shared = 0, seen = 0;
  trial.thread("creator", [&](ravel::worker&) {
    std::thread child([&] { writes(shared, 1, 2); });
    seen = reads(shared, 1);
    child.join();
  });
  trial.run();
  return seen == 1;
}

}  // namespace

TEST_CASE("pct: a thread that becomes ready goes on at once when it is the higher one", "[harness]") {
  const measured created = measure(1, child_comes_first);
  INFO("hit rate " << created.hit_rate);
  CHECK(created.hit_rate > 0.4);
  CHECK(created.hit_rate < 0.6);
}

TEST_CASE("pct: a fault of depth 2 is found at least as often as the bound says", "[harness]") {
  const measured two = measure(2, loses_update);
  INFO("hit rate " << two.hit_rate << ", bound " << two.bound);
  CHECK(two.hit_rate >= two.bound);
  // The bound says something here: one change point is needed.
  CHECK(measure(1, loses_update).hit_rate < two.hit_rate);
}

TEST_CASE("pct: a fault of depth 3 is found at least as often as the bound says", "[harness]") {
  const measured three = measure(3, alternates);
  INFO("hit rate " << three.hit_rate << ", bound " << three.bound);
  CHECK(three.hit_rate >= three.bound);
  CHECK(measure(1, alternates).hit_rate < three.hit_rate);
}

TEST_CASE("pct: a clean report says how probable a missed fault is", "[harness]") {
  ravel::explore_options options;
  options.executions = 1'000;
  options.strategy = "pct";
  const ravel::report report =
      ravel::explore(options, [](ravel::trial& trial) { static_cast<void>(loses_update(trial)); });
  CHECK(report.verdict == ravel::verdict::clean);
  REQUIRE(report.notes.size() == 1);
  CHECK(report.notes[0].starts_with("pct: a bug was missed with a probability of at most "));
  CHECK(report.notes[0].find(" of depth 2") != std::string::npos);
}
