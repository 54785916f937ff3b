// SPDX-License-Identifier: MIT
// The deadlock check end to end: who is named, with what, and how soon; and the circle search by itself.
#include "catch.hpp"

#include <ravel/stress.hpp>

#include "deadlock/kernel_wait.hpp"
#include "deadlock/wait_graph.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>

using ravel::finding_kind;
using ravel::checks::circle_of_waits;

namespace {

std::mutex ledger_lock, journal_lock;

ravel::report run(const ravel::body& body, double round_limit = 20) {
  return ravel::stress({.name = "deadlock", .rounds = 1, .round_limit = round_limit}, body);
}
const ravel::finding* find(const ravel::report& report, finding_kind kind) {
  const auto found = std::ranges::find(report.findings, kind, &ravel::finding::kind);
  return found == report.findings.end() ? nullptr : &*found;
}
bool says(const ravel::finding& finding, const std::string& thread, const std::string& action,
          const std::string& object) {
  return std::ranges::any_of(finding.actors, [&](const ravel::actor& actor) {
    return actor.thread == thread && actor.action == action && actor.object == object && actor.place.line != 0;
  });
}

}  // namespace

TEST_CASE("wait graph: the shortest circle, or none", "[checks]") {
  CHECK(circle_of_waits({}).empty());
  CHECK(circle_of_waits({{1}, {2}, {}}).empty());
  CHECK(circle_of_waits({{0}}) == std::vector<std::uint32_t>{0});
  CHECK(circle_of_waits({{1}, {2}, {0}}) == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(circle_of_waits({{1}, {2}, {3, 1}, {}}) == std::vector<std::uint32_t>{1, 2});
}

TEST_CASE("kernel wait: a futex call inside the range, and nothing else", "[checks]") {
  const auto is_in = [](const char* text) {
    return ravel::checks::is_futex_call_in(text, reinterpret_cast<const void*>(0x7f1c2c000b70), 40);
  };
  const std::string futex = std::to_string(SYS_futex);
  CHECK(is_in((futex + " 0x7f1c2c000b70 0x80 0x2 0x0 0x0 0x0 0x7ffd 0x7f1d").c_str()));
  CHECK(is_in((futex + " 0x7f1c2c000b97 0x80 0x2").c_str()));
  CHECK_FALSE(is_in((futex + " 0x7f1c2c000b98 0x80 0x2").c_str()));
  CHECK_FALSE(is_in((futex + " 0x7f1c2c000b6f 0x80 0x2").c_str()));
  CHECK_FALSE(is_in("1 0x7f1c2c000b70 0x80 0x2"));
  CHECK_FALSE(is_in("running"));
  CHECK_FALSE(is_in(""));
}

TEST_CASE("deadlock: both threads are named with what they hold and want", "[checks]") {
  const ravel::report report = run([](ravel::trial& trial) {
    std::atomic<int> holding{0};
    const auto both_hold = [&] {
      for (++holding; holding < 2;) std::this_thread::yield();
    };
    trial.thread("left", [&](ravel::worker&) {
      std::lock_guard first(ledger_lock);
      both_hold();
      std::lock_guard second(journal_lock);
    });
    trial.thread("right", [&](ravel::worker&) {
      std::lock_guard first(journal_lock);
      both_hold();
      std::lock_guard second(ledger_lock);
    });
    trial.run();
  });
  INFO(ravel::to_text(report));
  const ravel::finding* finding = find(report, finding_kind::deadlock);
  REQUIRE(finding != nullptr);
  CHECK(says(*finding, "left#0", "holds", "ledger_lock"));
  CHECK(says(*finding, "left#0", "wants", "journal_lock"));
  CHECK(says(*finding, "right#0", "holds", "journal_lock"));
  CHECK(says(*finding, "right#0", "wants", "ledger_lock"));
  CHECK(find(report, finding_kind::lock_order) == nullptr);  // it has been seen: no need to call it possible
  CHECK(find(report, finding_kind::hang) == nullptr);
}

TEST_CASE("deadlock: the body holds what its threads want while it waits for them", "[checks]") {
  const ravel::report report = run([](ravel::trial& trial) {
    std::lock_guard hold(ledger_lock);
    trial.thread("client", [](ravel::worker&) { std::lock_guard want(ledger_lock); });
    trial.run();
  });
  INFO(ravel::to_text(report));
  const ravel::finding* finding = find(report, finding_kind::deadlock);
  REQUIRE(finding != nullptr);
  CHECK(says(*finding, "main", "holds", "ledger_lock"));
  CHECK(says(*finding, "client#0", "wants", "ledger_lock"));
}

TEST_CASE("deadlock: a join with a lock held that the joined thread wants", "[checks]") {
  const ravel::report report = run([](ravel::trial& trial) {
    trial.thread("owner", [](ravel::worker&) {
      std::lock_guard hold(ledger_lock);
      std::thread([] { std::lock_guard want(ledger_lock); }).join();
    });
    trial.run();
  });
  INFO(ravel::to_text(report));
  const ravel::finding* finding = find(report, finding_kind::deadlock);
  REQUIRE(finding != nullptr);
  CHECK(says(*finding, "owner#0", "waits for the end of", "owner#0/thread 1"));
  CHECK(says(*finding, "owner#0/thread 1", "wants", "ledger_lock"));
}

TEST_CASE("deadlock: woken from a condition wait, a thread cannot have its mutex back", "[checks]") {
  const ravel::report report = run([](ravel::trial& trial) {
    std::condition_variable changed;
    std::atomic<bool> is_waiting{false};
    bool is_ready = false;
    trial.thread("waiter", [&](ravel::worker&) {
      std::lock_guard other(ledger_lock);
      std::unique_lock hold(journal_lock);
      is_waiting = true;
      changed.wait(hold, [&] { return is_ready; });
    });
    trial.thread("notifier", [&](ravel::worker&) {
      while (!is_waiting) std::this_thread::yield();
      std::lock_guard hold(journal_lock);
      is_ready = true;
      changed.notify_one();
      std::lock_guard other(ledger_lock);
    });
    trial.run();
  });
  INFO(ravel::to_text(report));
  const ravel::finding* finding = find(report, finding_kind::deadlock);
  REQUIRE(finding != nullptr);
  CHECK(says(*finding, "waiter#0", "holds", "ledger_lock"));
  CHECK(says(*finding, "waiter#0", "was woken from its condition wait and wants back", "journal_lock"));
  CHECK(says(*finding, "notifier#0", "holds", "journal_lock"));
  CHECK(says(*finding, "notifier#0", "wants", "ledger_lock"));
  CHECK(find(report, finding_kind::hang) == nullptr);
}

TEST_CASE("deadlock: a thread that waits for itself says so before it sleeps", "[checks]") {
  const ravel::report report = run([](ravel::trial& trial) {
    trial.thread("owner", [](ravel::worker&) {
      std::lock_guard hold(ledger_lock);
      ledger_lock.lock();
    });
    trial.run();
  });
  INFO(ravel::to_text(report));
  const ravel::finding* finding = find(report, finding_kind::self_deadlock);
  REQUIRE(finding != nullptr);
  CHECK(finding->what.find("ledger_lock") != std::string::npos);
  CHECK(finding->actors.size() == 2);
  CHECK(find(report, finding_kind::deadlock) == nullptr);
}

TEST_CASE("deadlock: a lost wake-up is a hang that says nobody is left to signal", "[checks]") {
  const ravel::report report = run(
      [](ravel::trial& trial) {
        std::condition_variable changed;
        trial.thread("waiter", [&](ravel::worker&) {
          std::unique_lock hold(ledger_lock);
          changed.wait(hold);
        });
        trial.run();
      },
      1.0);
  INFO(ravel::to_text(report));
  const ravel::finding* finding = find(report, finding_kind::hang);
  REQUIRE(finding != nullptr);
  CHECK(std::ranges::any_of(finding->notes,
                            [](const std::string& note) { return note.find("nobody is left") != std::string::npos; }));
}

TEST_CASE("deadlock: what a hung thread holds and wants is in the hang's report", "[checks]") {
  const ravel::report report = run(
      [](ravel::trial& trial) {
        std::atomic<bool> holds{false}, ends{false};
        trial.thread("spinner", [&](ravel::worker&) {
          std::lock_guard hold(ledger_lock);
          holds = true;
          while (!ends) std::this_thread::yield();
        });
        trial.thread("waiter", [&](ravel::worker&) {
          while (!holds) std::this_thread::yield();
          std::lock_guard want(ledger_lock);
        });
        trial.run();
      },
      1.0);
  INFO(ravel::to_text(report));
  const ravel::finding* finding = find(report, finding_kind::hang);
  REQUIRE(finding != nullptr);
  const auto waiter = std::ranges::find(finding->actors, "waiter#0", &ravel::actor::thread);
  REQUIRE(waiter != finding->actors.end());
  CHECK(waiter->object == "ledger_lock, held by spinner#0");
  CHECK(find(report, finding_kind::deadlock) == nullptr);
}

TEST_CASE("deadlock: a condition wait without the mutex is misuse", "[checks]") {
  for (const bool locks : {false, true}) {
    const ravel::report report = run([&](ravel::trial& trial) {
      trial.thread("waiter", [&](ravel::worker&) {
        std::condition_variable changed;
        std::unique_lock hold(ledger_lock, std::defer_lock);
        if (locks) hold.lock();
        timespec soon{};
        clock_gettime(CLOCK_REALTIME, &soon);
        pthread_cond_timedwait(changed.native_handle(), ledger_lock.native_handle(), &soon);
        if (locks) return;
        ledger_lock.unlock();
      });
      trial.run();
    });
    INFO(ravel::to_text(report));
    CHECK((find(report, finding_kind::lock_misuse) != nullptr) == !locks);
  }
}

TEST_CASE("deadlock: switched off, it leaves the deadlock to the watchdog", "[checks]") {
  const ravel::report report =
      ravel::stress({.name = "off", .rounds = 1, .round_limit = 1, .without = {"deadlock"}}, [](ravel::trial& trial) {
        trial.thread("owner", [](ravel::worker&) {
          std::lock_guard hold(ledger_lock);
          ledger_lock.lock();
        });
        trial.run();
      });
  CHECK(find(report, finding_kind::self_deadlock) == nullptr);
  CHECK(find(report, finding_kind::hang) != nullptr);
}
