// SPDX-License-Identifier: MIT
// Whatever the target does to its process, the run ends in time, says what happened and keeps the other rounds.
#include "catch.hpp"
#include "shared_value.hpp"

#include <ravel/explore.hpp>
#include <ravel/stress.hpp>

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>

namespace {

constexpr std::uint64_t bad_round = 7;

// 20 rounds of 3 threads; `deed` is done by one worker in round 7 only.
ravel::report with_deed(const std::function<void()>& deed, ravel::stress_options options = {}) {
  options.name = "deed";
  options.rounds = 20;
  return ravel::stress(options, [&](ravel::trial& trial) {
    trial.threads(3, "client", [&](ravel::worker& me) {
      if (trial.number() == bad_round && me.index() == 1) deed();
    });
    trial.run();
  });
}

const ravel::finding& only_finding(const ravel::report& report) {
  INFO(ravel::to_text(report));
  REQUIRE(report.verdict == ravel::verdict::faulty);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].first_trial == bad_round);
  CHECK(report.findings[0].trials_seen == 1);
  return report.findings[0];
}

volatile int sink;
void* volatile bad_address = nullptr;
char* volatile kept;

[[gnu::noinline]] int recurse(int depth) {
  volatile char block[4096];
  block[0] = static_cast<char>(depth);
  sink = block[0];
  if (depth < 0) return 0;
  return recurse(depth + 1) + block[0];
}

}  // namespace

TEST_CASE("isolation: a clean body is clean in every isolation", "[harness]") {
  for (const auto isolation : {ravel::isolation::batch, ravel::isolation::trial, ravel::isolation::none}) {
    ravel::stress_options options;
    options.isolation = isolation;
    const ravel::report report = with_deed([] {}, options);
    CHECK(report.verdict == ravel::verdict::clean);
    CHECK(report.trials_run == 20);
    CHECK(report.threads_seen == 3);
  }
}

TEST_CASE("isolation: a bad access is a crash, and the other rounds run", "[harness]") {
  const ravel::report report = with_deed([] { *static_cast<volatile int*>(bad_address) = 1; });
  const ravel::finding& finding = only_finding(report);
  CHECK(finding.kind == ravel::finding_kind::crash);
  CHECK(finding.what.find("SIGSEGV") != std::string::npos);
  REQUIRE(finding.actors.size() >= 1);
  CHECK(finding.actors[0].thread == "client#1");
  CHECK(finding.actors[0].place.file.find("isolation.tests.cpp") != std::string::npos);
  CHECK(report.trials_run == 20);
}

TEST_CASE("isolation: abort, terminate, exit, _exit, quick_exit and exec are findings", "[harness]") {
  struct deed {
    std::function<void()> what;
    ravel::finding_kind kind;
    const char* text;
  };
  const deed deeds[] = {
      {[] { std::abort(); }, ravel::finding_kind::crash, "SIGABRT"},
      {[] { std::terminate(); }, ravel::finding_kind::crash, "std::terminate"},
      {[] { std::exit(0); }, ravel::finding_kind::exited, "exit(0)"},
      {[] { _exit(3); }, ravel::finding_kind::exited, "status 3"},
      {[] { std::quick_exit(4); }, ravel::finding_kind::exited, "status 4"},
      {[] { execl("/bin/true", "true", nullptr); }, ravel::finding_kind::exited, "status 0"},
      {[] { std::thread joinable([] {}); }, ravel::finding_kind::crash, "joinable"},
  };
  for (const deed& one : deeds) {
    const ravel::report report = with_deed(one.what);
    const ravel::finding& finding = only_finding(report);
    CHECK(finding.kind == one.kind);
    INFO(finding.what);
    CHECK(finding.what.find(one.text) != std::string::npos);
    CHECK(report.trials_run == 20);
  }
}

TEST_CASE("isolation: a stack overflow is named", "[harness]") {
  const ravel::report report = with_deed([] { recurse(0); });
  const ravel::finding& finding = only_finding(report);
  CHECK(finding.kind == ravel::finding_kind::crash);
  CHECK(finding.what.find("stack overflow") != std::string::npos);
}

TEST_CASE("isolation: who is killed from outside is repeated; who kills itself again is a finding", "[harness]") {
  const auto kill_itself = [] { syscall(SYS_kill, getpid(), SIGKILL); };
  for (const auto isolation : {ravel::isolation::batch, ravel::isolation::trial}) {
    ravel::stress_options options;
    options.isolation = isolation;
    const shared_value<std::atomic<int>> kills;
    const ravel::report once = with_deed(
        [&] {
          if (kills->fetch_add(1) == 0) kill_itself();
        },
        options);
    INFO(ravel::to_text(once));
    CHECK(once.verdict == ravel::verdict::clean);
    CHECK(once.trials_run == 20);
    CHECK(*kills == 2);
    CHECK(ravel::to_text(once).find("the process of round 7 was killed from outside by SIGKILL") != std::string::npos);

    const ravel::finding finding = only_finding(with_deed(kill_itself, options));
    CHECK(finding.kind == ravel::finding_kind::crash);
    CHECK(finding.what.find("SIGKILL") != std::string::npos);
  }
  const shared_value<std::atomic<int>> kills;
  const ravel::report explored =
      ravel::explore({.name = "explored", .executions = 50, .seconds = 60}, [&](ravel::trial& trial) {
        trial.threads(2, "client", [&](ravel::worker&) {
          if (trial.number() == 7 && kills->fetch_add(1) == 1) kill_itself();
        });
        trial.run();
      });
  INFO(ravel::to_text(explored));
  CHECK(explored.verdict == ravel::verdict::clean);
  CHECK(*kills == 4);
  // At any moment, between two rounds, too, as by a machine that is short of memory then: the others run.
  const shared_value<std::atomic<int>> killed;
  const ravel::report between = ravel::stress({.name = "between", .rounds = 60}, [&](ravel::trial& trial) {
    if (trial.number() == 30 && killed->exchange(1) == 0)
      std::thread([pid = getpid()] {
        usleep(30'000);
        syscall(SYS_kill, pid, SIGKILL);
      }).detach();
    trial.threads(2, "client", [](ravel::worker&) {});
    trial.run();
    usleep(2'000);
  });
  INFO(ravel::to_text(between));
  CHECK(between.trials_run == 60);
  // Each time in another round: it is not from outside for ever.
  const shared_value<std::atomic<std::uint64_t>> last_killed;
  const ravel::report often = ravel::stress({.name = "often", .rounds = 100}, [&](ravel::trial& trial) {
    trial.threads(2, "client", [&](ravel::worker& me) {
      if (me.index() == 0 && trial.number() % 10 == 0 && last_killed->exchange(trial.number()) != trial.number())
        kill_itself();
    });
    trial.run();
  });
  INFO(ravel::to_text(often));
  CHECK(often.verdict == ravel::verdict::faulty);
}

TEST_CASE("isolation: an exception out of a thread is a finding with the place of the throw", "[harness]") {
  const ravel::report report = with_deed([] { throw std::runtime_error("no luck"); });
  const ravel::finding& finding = only_finding(report);
  CHECK(finding.kind == ravel::finding_kind::exception);
  CHECK(finding.what.find("std::runtime_error") != std::string::npos);
  CHECK(finding.what.find("no luck") != std::string::npos);
  REQUIRE(finding.actors.size() >= 1);
  CHECK(finding.actors[0].place.file.find("isolation.tests.cpp") != std::string::npos);
}

TEST_CASE("isolation: an exception out of the body is a finding, too", "[harness]") {
  ravel::stress_options options;
  options.rounds = 5;
  const ravel::report report = ravel::stress(options, [](ravel::trial& trial) {
    trial.threads(2, "client", [](ravel::worker&) {});
    trial.run();
    throw 5;
  });
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].kind == ravel::finding_kind::exception);
  CHECK(report.findings[0].trials_seen == 5);
}

TEST_CASE("isolation: a hang ends at the limit with the stacks of the threads that run", "[harness]") {
  for (const bool spins : {false, true}) {
    ravel::stress_options options;
    options.round_limit = 2;
    const ravel::report report = with_deed(
        [spins] {
          for (;;) {
            if (!spins) usleep(1000);
            sink = 1;
          }
        },
        options);
    const ravel::finding& finding = only_finding(report);
    CHECK(finding.kind == ravel::finding_kind::hang);
    REQUIRE(finding.actors.size() == 1);
    CHECK(finding.actors[0].thread == "client#1");
    CHECK(finding.actors[0].place.file.find("isolation.tests.cpp") != std::string::npos);
    CHECK(report.trials_run == 20);
  }
}

TEST_CASE("isolation: memory exhaustion ends the round at the limit", "[harness]") {
  ravel::stress_options options;
  options.memory_limit_mb = 200;
  const ravel::report report = with_deed(
      [] {
        for (;;) {
          constexpr std::size_t bytes = 1 << 20;
          kept = new char[bytes];  // through a volatile pointer, or clang leaves the allocation out
          std::memset(kept, 1, bytes);
          usleep(200);
        }
      },
      options);
  const ravel::finding& finding = only_finding(report);
  CHECK(finding.kind == ravel::finding_kind::memory_exhausted);
  CHECK(finding.what.find("the limit is 200 MiB") != std::string::npos);
}

TEST_CASE("isolation: threads that are traced or stopped end in time", "[harness]") {
  ravel::stress_options options;
  options.round_limit = 2;
  options.seconds = 30;
  const auto trace_me = [] { ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); };
  const auto finished = with_deed(trace_me, options);
  INFO(ravel::to_text(finished));
  CHECK(finished.verdict == ravel::verdict::clean);
  CHECK(finished.trials_run == 20);
  const auto signalled = with_deed(
      [&] {
        trace_me();
        raise(SIGWINCH);
      },
      options);
  INFO(ravel::to_text(signalled));
  CHECK(signalled.verdict == ravel::verdict::clean);
  const auto spinning = with_deed(
      [&] {
        trace_me();
        for (;;) asm volatile("");
      },
      options);
  CHECK(only_finding(spinning).kind == ravel::finding_kind::hang);
  const auto stopped = with_deed([] { raise(SIGSTOP); }, options);
  CHECK(only_finding(stopped).kind == ravel::finding_kind::hang);
  const auto crashed = with_deed(
      [&] {
        trace_me();
        *static_cast<volatile int*>(bad_address) = 1;
      },
      options);
  CHECK(only_finding(crashed).kind == ravel::finding_kind::crash);
  const ravel::report explored = ravel::explore(
      {.name = "traced", .executions = 20, .seconds = 30, .execution_limit = 2}, [&](ravel::trial& trial) {
        trial.threads(2, "client", [&](ravel::worker&) { trace_me(); });
        trial.run();
      });
  INFO(ravel::to_text(explored));
  CHECK(explored.verdict == ravel::verdict::clean);
}

TEST_CASE("isolation: a target that forks is survived", "[harness]") {
  // The forked process comes back into the round, or ends by exit; neither is the run's affair.
  CHECK(with_deed([] { fork(); }).verdict == ravel::verdict::clean);
  CHECK(with_deed([] {
          if (fork() == 0) std::exit(5);
        }).verdict == ravel::verdict::clean);
}

TEST_CASE("isolation: a worker may end by pthread_exit", "[harness]") {
  const ravel::report report = with_deed([] { pthread_exit(nullptr); });
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(report.trials_run == 20);
}

TEST_CASE("isolation: rounds that all crash end the run early, and it says so", "[harness]") {
  ravel::stress_options options;
  options.rounds = 500;
  const ravel::report report = ravel::stress(options, [](ravel::trial& trial) {
    trial.threads(2, "client", [](ravel::worker&) { std::abort(); });
    trial.run();
  });
  REQUIRE(report.findings.size() >= 1);
  CHECK(report.trials_run < 500);
  CHECK(std::ranges::any_of(report.notes,
                            [](const std::string& note) { return note.find("stopped after") != std::string::npos; }));
}

TEST_CASE("isolation: globals are fresh in each round of isolation::trial only", "[harness]") {
  static std::atomic<int> global{0};
  for (const auto isolation : {ravel::isolation::batch, ravel::isolation::trial}) {
    shared_value<std::atomic<int>> highest;
    ravel::stress_options options;
    options.rounds = 5;
    options.isolation = isolation;
    const ravel::report report = ravel::stress(options, [&](ravel::trial& trial) {
      trial.threads(2, "client", [&](ravel::worker&) { ++global; });
      trial.run();
      if (global.load() > highest->load()) highest->store(global.load());
    });
    CHECK(report.verdict == ravel::verdict::clean);
    CHECK(highest->load() == (isolation == ravel::isolation::trial ? 2 : 10));
    CHECK(global.load() == 0);
  }
}

TEST_CASE("isolation: a run without threads or rounds is broken, never clean", "[harness]") {
  ravel::stress_options options;
  options.rounds = 3;
  const ravel::report report = ravel::stress(options, [](ravel::trial&) {});
  CHECK(report.verdict == ravel::verdict::broken);
  CHECK(report.reason.find("no thread ran") != std::string::npos);
  CHECK(ravel::exit_code(report) == 70);
}
