// SPDX-License-Identifier: MIT
// Every strategy: finds small planted faults, says the same on both engines, and repeats a trial cold.
#include "catch.hpp"
#include "explored_body.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using explored::explored_body;
using explored::reads;
using explored::writes;

void lost_update(ravel::trial& trial) {
  int shared = 0;
  trial.threads(2, "adder", [&](ravel::worker&) { writes(shared, reads(shared, 1) + 1, 2); });
  trial.run();
  trial.require(shared == 2, "no update is lost");
}

void crossed_locks(ravel::trial& trial) {
  std::mutex first, second;
  trial.thread("forth", [&](ravel::worker&) {
    const std::lock_guard outer(first);
    const std::lock_guard inner(second);
  });
  trial.thread("back", [&](ravel::worker&) {
    const std::lock_guard outer(second);
    const std::lock_guard inner(first);
  });
  trial.run();
}

void order_violation(ravel::trial& trial) {
  int data = 0, flag = 0;
  trial.threads(2, "setter", [&](ravel::worker&) {
    writes(flag, 1, 1);
    writes(data, 1, 2);
  });
  trial.thread("checker", [&](ravel::worker& me) {
    if (reads(flag, 3) == 1) me.require(reads(data, 4) == 1, "the data is there");
  });
  trial.run();
}

void lost_wakeup(ravel::trial& trial) {
  std::mutex lock;
  std::condition_variable condition;
  int ready = 0;
  trial.thread("waiter", [&](ravel::worker&) {
    if (reads(ready, 1) == 1) return;
    std::unique_lock guard(lock);
    condition.wait(guard);
  });
  trial.thread("waker", [&](ravel::worker&) {
    writes(ready, 1, 2);
    const std::lock_guard guard(lock);
    condition.notify_one();
  });
  trial.run();
}

// With a phase after the other, threads of the target's own, locks and a condition: what a schedule may hold.
void mixed(ravel::trial& trial) {
  std::mutex lock;
  std::condition_variable condition;
  int turn = 0, sum = 0;
  trial.threads(3, "taker", [&](ravel::worker& me) {
    std::unique_lock guard(lock);
    while (turn < static_cast<int>(me.index())) condition.wait(guard);
    ++turn;
    condition.notify_all();
    guard.unlock();
    writes(sum, reads(sum, 1) + 1, 2);
  });
  trial.run();
  trial.threads(2, "spinner", [&](ravel::worker& me) {
    if (me.index() == 0)
      writes(turn, 9, 3);
    else
      while (reads(turn, 4) != 9) continue;
  });
  trial.run();
}

// Two wait for a third, which has much to do meanwhile. Like a failed exchange, each look is noted in a variable of
// the waiter's own.
void waiting_by_looking(ravel::trial& trial) {
  int ready = 0, work = 0;
  trial.threads(2, "waiter", [&](ravel::worker&) {
    int seen = 0;
    do writes(seen, reads(ready, 1), 2);
    while (reads(seen, 3) == 0);
  });
  trial.thread("worker", [&](ravel::worker&) {
    for (int i = 0; i < 40; ++i) writes(work, i, 4);
    writes(ready, 1, 5);
  });
  trial.run();
}

// The same, by a lock that is given back at once, with a yield between two tries.
void waiting_by_trying(ravel::trial& trial) {
  int ready = 0, work = 0, visitors = 0;
  trial.threads(2, "waiter", [&](ravel::worker&) {
    while (true) {
      writes(visitors, 1, 1);
      if (reads(ready, 2) == 1) return;
      writes(visitors, 0, 3);
      std::this_thread::yield();
    }
  });
  trial.thread("worker", [&](ravel::worker&) {
    for (int i = 0; i < 40; ++i) writes(work, i, 4);
    writes(ready, 1, 5);
  });
  trial.run();
}

ravel::explore_options options_for(std::uint64_t executions, std::uint64_t seed = 1) {
  ravel::explore_options options;
  options.name = "strategy";
  options.executions = executions;
  options.seed = seed;
  return options;
}

const std::vector<std::string>& asked_by_name() { return ravel::detail::strategy_names(); }

}  // namespace

TEST_CASE("strategy: the default is the portfolio", "[harness]") {
  CHECK(asked_by_name().front() == "portfolio");
  CHECK(ravel::explore_options().strategy == "portfolio");
}

TEST_CASE("strategy: each finds a lost update, in a batch and with a fork for each execution", "[harness]") {
  for (const std::string& name : asked_by_name())
    for (const ravel::isolation isolation : {ravel::isolation::batch, ravel::isolation::trial}) {
      INFO(name << ", isolation " << static_cast<int>(isolation));
      ravel::explore_options options = options_for(24);
      options.isolation = isolation;
      const ravel::report report = explored_body(options, name).run(lost_update);
      REQUIRE(report.findings.size() == 1);
      CHECK(report.findings[0].kind == ravel::finding_kind::requirement);
    }
}

TEST_CASE("strategy: each finds two locks taken in opposite orders", "[harness]") {
  for (const std::string& name : asked_by_name()) {
    INFO(name);
    const ravel::report report = explored_body(options_for(60), name).run(crossed_locks);
    bool is_found = false;
    for (const ravel::finding& one : report.findings) is_found = is_found || one.kind == ravel::finding_kind::deadlock;
    CHECK(is_found);
  }
}

TEST_CASE("strategy: each finds an order violation and a lost wake-up", "[harness]") {
  for (const std::string& name : asked_by_name()) {
    INFO(name);
    CHECK(explored_body(options_for(500), name).run(order_violation).verdict == ravel::verdict::faulty);
    CHECK(explored_body(options_for(200), name).run(lost_wakeup).verdict == ravel::verdict::faulty);
  }
}

TEST_CASE("strategy: none keeps back for long whom others wait for, by looking or by trying", "[harness]") {
  for (const std::string& name : asked_by_name()) {
    INFO(name);
    // An execution takes some hundred points, and with luck a few thousand.
    ravel::explore_options options = options_for(1'000);
    options.points = 20'000;
    CHECK(explored_body(options, name).run(waiting_by_looking).verdict == ravel::verdict::clean);
    CHECK(explored_body(options, name).run(waiting_by_trying).verdict == ravel::verdict::clean);
  }
}

TEST_CASE("strategy: both engines take the same decisions", "[harness]") {
  for (const std::string& name : asked_by_name()) {
    INFO(name);
    ravel::explore_options options = options_for(140, 7);
    explored_body user(options, name);
    options.engine = ravel::engine_choice::kernel;
    explored_body kernel(options, name);
    CHECK(user.run(mixed).verdict == ravel::verdict::clean);
    CHECK(kernel.run(mixed).verdict == ravel::verdict::clean);
    for (std::uint64_t trial = 1; trial <= 140; ++trial) {
      INFO("trial " << trial);
      REQUIRE(user.strategy().hash(trial) != 0);
      REQUIRE(user.strategy().hash(trial) == kernel.strategy().hash(trial));
    }
  }
}

TEST_CASE("strategy: what the portfolio ran, the strategy it names repeats cold", "[harness]") {
  explored_body all(options_for(200, 3), "portfolio");
  CHECK(all.run(mixed).verdict == ravel::verdict::clean);
  std::vector<std::string> named;
  for (const std::uint64_t trial : {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 60, 62, 77, 129, 130, 131, 140, 200}) {
    const std::string name = all.strategy().name_for(trial);
    INFO(name << ", trial " << trial);
    named.push_back(name);
    explored_body cold(options_for(1, 3), name);
    CHECK(cold.run(mixed, trial).verdict == ravel::verdict::undecided);  // there is nothing to show again
    CHECK(all.strategy().hash(trial) == cold.strategy().hash(trial));
  }
  for (const char* name : {"random", "pct", "pos", "surw", "rf"}) CHECK(std::ranges::count(named, name) != 0);
}

TEST_CASE("strategy: seeds differ", "[harness]") {
  for (const char* name : {"random", "pct", "pos", "surw", "rf", "portfolio"}) {
    INFO(name);
    explored_body one(options_for(20, 1), name), other(options_for(20, 2), name);
    static_cast<void>(one.run(mixed));
    static_cast<void>(other.run(mixed));
    unsigned different = 0;
    for (std::uint64_t trial = 1; trial <= 20; ++trial)
      different += one.strategy().hash(trial) != other.strategy().hash(trial) ? 1 : 0;
    CHECK(different > 10);
  }
}
