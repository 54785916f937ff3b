// SPDX-License-Identifier: MIT
// What explore mode may spend, and what it says when that was not enough: executions, points, parts of the search.
#include "catch.hpp"
#include "shared_value.hpp"

#include <ravel/explore.hpp>
#include <ravel/stress.hpp>

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

// Sets a variable for as long as it lives.
class setting {
 public:
  setting(const char* name, const std::string& value) : name_(name) { setenv(name, value.c_str(), 1); }
  ~setting() { unsetenv(name_); }
  setting(const setting&) = delete;
  setting& operator=(const setting&) = delete;

 private:
  const char* name_;
};

struct trials_run {
  static constexpr std::uint64_t most = 4096;
  std::atomic<unsigned> times[most];
};

void lock_often(ravel::trial& trial, int times) {
  std::mutex lock;
  trial.threads(2, "locker", [&](ravel::worker&) {
    for (int i = 0; i < times; ++i) const std::lock_guard guard(lock);
  });
  trial.run();
}

std::string misuse_of(const ravel::explore_options& options) {
  const ravel::report report = ravel::explore(options, [](ravel::trial& trial) { lock_often(trial, 1); });
  return report.verdict == ravel::verdict::misused ? report.reason : "";
}

}  // namespace

TEST_CASE("explore budget: the shards run disjoint executions, and as many as one run would", "[harness]") {
  constexpr std::uint64_t executions = 700;
  const shared_value<trials_run> seen;
  std::uint64_t total = 0;
  const bool is_bazel = GENERATE(false, true);
  for (int shard = 0; shard < 3; ++shard) {
    const setting first(is_bazel ? "TEST_SHARD_INDEX" : "RAVEL_SHARD",
                        is_bazel ? std::to_string(shard) : std::to_string(shard) + "/3");
    const setting second(is_bazel ? "TEST_TOTAL_SHARDS" : "RAVEL_LANE", is_bazel ? "3" : "shards");
    // Nondeterminism is looked for by repeating executions, which would be counted here, too.
    const ravel::explore_options options{.executions = executions, .without = {"nondeterminism"}};
    const ravel::report report = ravel::explore(options, [&](ravel::trial& trial) {
      if (trial.number() < trials_run::most) ++seen->times[trial.number()];
      lock_often(trial, 1);
    });
    CHECK(report.verdict == ravel::verdict::clean);
    total += report.trials_run;
  }
  CHECK(total == executions);
  std::uint64_t different = 0;
  for (const auto& times : seen->times) {
    CHECK(times <= 1);
    different += times;
  }
  CHECK(different == executions);
}

// A slow fork: the time is up, most likely, when the parent has looked at it and the child has not begun. Of a budget
// of a million the few executions are a pass that was not earned.
TEST_CASE("explore budget: time that is up before a process began its only execution breaks nothing", "[harness]") {
  static std::atomic<bool> forks_slowly;
  static const int registered = pthread_atfork(nullptr, nullptr, [] {
    if (forks_slowly) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  });
  REQUIRE(registered == 0);
  forks_slowly = true;
  for (int time = 0; time < 4; ++time)
    for (const std::uint64_t executions : {100, 1'000'000}) {
      const ravel::explore_options options{.executions = executions,
                                           .seconds = 0.05,
                                           .isolation = ravel::isolation::trial,
                                           .without = {"nondeterminism"}};
      const ravel::report report = ravel::explore(options, [](ravel::trial& trial) { lock_often(trial, 1); });
      INFO(report.reason);
      CHECK(report.trials_run >= 1);
      CHECK(report.verdict == (executions == 100 ? ravel::verdict::clean : ravel::verdict::undecided));
      if (executions == 100) continue;
      CHECK(report.reason.find("of 1000000 executions ran before time ended") != std::string::npos);
      CHECK(report.reason.find("RAVEL_SECONDS") != std::string::npos);
    }
  forks_slowly = false;
}

TEST_CASE("explore budget: an execution that passes its points leaves the verdict undecided", "[harness]") {
  ravel::explore_options options{.executions = 5, .points = 100};
  const ravel::report report = ravel::explore(options, [](ravel::trial& trial) { lock_often(trial, 1'000); });
  CHECK(report.verdict == ravel::verdict::undecided);
  CHECK(ravel::exit_code(report) == 3);
  CHECK(report.reason.find("5 of 5 executions passed 100 points without an end") != std::string::npos);
  CHECK(report.findings.empty());
}

TEST_CASE("explore budget: one that goes on and on is given up, and where it was is told", "[harness]") {
  ravel::explore_options options{.executions = 5, .points = 100};
  const ravel::report report = ravel::explore(options, [](ravel::trial& trial) { lock_often(trial, 1'000'000'000); });
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::undecided);
  REQUIRE(report.findings.size() == 1);
  const ravel::finding& given_up = report.findings.front();
  CHECK(given_up.kind == ravel::finding_kind::given_up);
  CHECK(given_up.is_informative);
  CHECK(!given_up.rerun.empty());
  CHECK(given_up.actors.size() >= 3);  // the two threads, and where they were most of the time
}

TEST_CASE("explore budget: what a thread passes while nobody else can run counts little", "[harness]") {
  ravel::explore_options options{.executions = 5, .points = 1'000};
  const ravel::report report = ravel::explore(options, [](ravel::trial& trial) {
    std::mutex lock;
    trial.thread("alone", [&](ravel::worker&) {
      for (int i = 0; i < 4'000; ++i) const std::lock_guard guard(lock);
    });
    trial.run();
  });
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
}

// Accesses are no points in this file: nobody knows what the threads write between their sleeps.
TEST_CASE("explore budget: one that sleeps for ever is given up where its accesses are not seen", "[harness]") {
  const ravel::report report = ravel::explore({.executions = 1, .points = 2'000}, [](ravel::trial& trial) {
    trial.threads(2, "sleeper", [](ravel::worker&) {
      for (;;) {
        const timespec a_while{0, 1'000};
        nanosleep(&a_while, nullptr);
      }
    });
    trial.run();
  });
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings.front().kind == ravel::finding_kind::given_up);
}

TEST_CASE("explore budget: one that waits for ever with a lock that another wants is a livelock", "[harness]") {
  const ravel::report report = ravel::explore({.executions = 1, .points = 2'000}, [](ravel::trial& trial) {
    std::mutex lock;
    trial.threads(2, "sleeper", [&](ravel::worker&) {
      const std::lock_guard guard(lock);
      for (;;) {
        const timespec a_while{0, 1'000};
        nanosleep(&a_while, nullptr);
      }
    });
    trial.run();
  });
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings.front().kind == ravel::finding_kind::livelock);
}

// The beats go on until the waiter ends, which it does when somebody opens.
ravel::body heart(bool is_opened) {
  return [=](ravel::trial& trial) {
    std::mutex lock;
    std::atomic<bool> is_open{false}, is_over{false};
    trial.thread("heart", [&](ravel::worker&) {
      while (!is_over) const std::lock_guard beat(lock);
    });
    trial.thread("waiter", [&](ravel::worker&) {
      while (!is_open) std::this_thread::yield();
      is_over = true;
    });
    trial.thread("opener", [&](ravel::worker&) {
      for (int i = 0; i < 20; ++i) const std::lock_guard work(lock);
      is_open = is_opened;
    });
    trial.run();
  };
}

TEST_CASE("explore budget: who waits by spinning while others go on is named, and the verdict stays open",
          "[harness]") {
  const ravel::report report = ravel::explore({.executions = 20, .points = 20'000}, heart(false));
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::undecided);
  REQUIRE(report.findings.size() == 1);
  const ravel::finding& starvation = report.findings.front();
  CHECK(starvation.kind == ravel::finding_kind::starvation);
  CHECK(starvation.is_informative);
  REQUIRE(starvation.actors.size() > 2);  // then where they were most of the time
  CHECK(starvation.actors[0].thread == "waiter#0");
  CHECK(starvation.actors[1].thread == "heart#0");
}

TEST_CASE("explore budget: nobody starves where the wait ends under each fair schedule", "[harness]") {
  for (const char* strategy : {"random", "pct", "pos", "surw", "rf", "portfolio"}) {
    const ravel::report report =
        ravel::explore({.executions = 100, .points = 20'000, .strategy = strategy}, heart(true));
    INFO(strategy << "\n" << ravel::to_text(report));
    CHECK(report.findings.empty());
  }
}

TEST_CASE("explore budget: executions run as many as asked for, and the environment wins", "[harness]") {
  const auto body = [](ravel::trial& trial) { lock_often(trial, 2); };
  CHECK(ravel::explore({.executions = 130}, body).trials_run == 130);
  const setting fewer("RAVEL_EXECUTIONS", "20");
  CHECK(ravel::explore({.executions = 130}, body).trials_run == 20);
}

TEST_CASE("explore budget: options that cannot work are refused, in words that say what to write", "[harness]") {
  CHECK(misuse_of({.executions = 0}).find("write .executions = 1 or more") != std::string::npos);
  CHECK(misuse_of({.points = 0}).find("write how many points") != std::string::npos);
  CHECK(misuse_of({.seconds = 0}).find("write a time budget above 0") != std::string::npos);
  CHECK(misuse_of({.strategy = "nonsense"}).find("write one of ") != std::string::npos);
  const setting engine("RAVEL_ENGINE", "fast");
  CHECK(misuse_of({}).find("write automatic, user or kernel") != std::string::npos);
}

TEST_CASE("budget: the search ends after as many findings as are asked for, accepted ones not counted", "[harness]") {
  // Two requirements that do not hold in every third and every fourth trial.
  const auto body = [](ravel::trial& trial) {
    trial.threads(2, "worker", [](ravel::worker& me) { me.step(); });
    trial.run();
    trial.require(trial.pick(0, 2) != 0, "not zero of three");
    trial.require(trial.pick(0, 3) != 0, "not zero of four");
  };
  const bool is_stress = GENERATE(true, false);
  CAPTURE(is_stress);
  const std::vector<ravel::suppression> known = {{.match = "not zero of three", .reason = "known", .expires = ""}};
  const auto run = [&](std::uint64_t stop_after, const std::vector<ravel::suppression>& suppressions) {
    if (is_stress)
      return ravel::stress(
          {.name = "few", .rounds = 300, .seconds = 100, .stop_after = stop_after, .suppressions = suppressions}, body);
    return ravel::explore(
        {.name = "few", .executions = 300, .seconds = 100, .stop_after = stop_after, .suppressions = suppressions},
        body);
  };
  const auto says_so = [](const ravel::report& report) {
    return std::ranges::any_of(report.notes,
                               [](const std::string& note) { return note.find("stopped after") != std::string::npos; });
  };

  const ravel::report one = run(1, {});
  CHECK(one.verdict == ravel::verdict::faulty);
  CHECK(one.trials_run < 50);
  CHECK(one.trials_run == one.findings.front().first_trial);
  CHECK(says_so(one));

  // The accepted one does not end it.
  const ravel::report other = run(1, known);
  CHECK(other.verdict == ravel::verdict::faulty);
  CHECK(other.trials_run < 100);
  CHECK(other.findings.front().suppressed.empty());
  CHECK(says_so(other));

  const ravel::report three = run(3, {});
  CHECK(three.trials_run == 300);
  CHECK(!says_so(three));
  const setting asked("RAVEL_STOP_AFTER", "2");
  const ravel::report two = run(0, {});
  CHECK(two.trials_run < 100);
  CHECK(two.findings.size() == 2);
}
