// SPDX-License-Identifier: MIT
// Processes that targets make: who outlives its trial is told of and ended, and nothing is left when the process that
// runs tests is killed.
#include "catch.hpp"
#include "lost_update.hpp"
#include "record/made_processes.hpp"

#include <ravel/explore.hpp>
#include <ravel/stress.hpp>

#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>

namespace {

constexpr unsigned seconds_of_sleeper = 60;

// The latest processes that a body made, known to the tests whatever happens.
struct noted {
  std::atomic<int> count;
  std::atomic<pid_t> pids[64];

  void add(pid_t pid) { pids[count.fetch_add(1) % 64] = pid; }
  [[nodiscard]] bool are_gone_within(std::chrono::seconds limit) const {
    const auto end = std::chrono::steady_clock::now() + limit;
    do {
      if (std::ranges::none_of(pids, [](const auto& pid) { return pid != 0 && is_running(pid); })) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    } while (std::chrono::steady_clock::now() < end);
    return false;
  }
  static bool is_running(pid_t pid) {
    std::FILE* file = std::fopen(("/proc/" + std::to_string(pid) + "/stat").c_str(), "r");
    if (file == nullptr) return false;
    char text[256] = {};
    const std::size_t length = std::fread(text, 1, sizeof text - 1, file);
    std::fclose(file);
    const std::size_t name_ends = std::string(text, length).rfind(')');
    return name_ends != std::string::npos && text[name_ends + 2] != 'Z';
  }
};
noted& all_noted() {
  static auto* const memory =
      static_cast<noted*>(mmap(nullptr, sizeof(noted), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return *memory;
}

[[noreturn]] void sleep_on() {
  all_noted().add(getpid());
  sleep(seconds_of_sleeper);
  _exit(0);
}

void fork_sleeper() {
  if (fork() == 0) sleep_on();
}
// As a daemon does: no child of this process any more, and in a session of its own.
void make_daemon() {
  const pid_t between = fork();
  if (between == 0) {
    setsid();
    if (fork() == 0) sleep_on();
    _exit(0);
  }
  waitpid(between, nullptr, 0);
}
void spawn_sleeper() {
  char name[] = "sleep", seconds[] = "60";
  char* arguments[] = {name, seconds, nullptr};
  pid_t child = 0;
  if (posix_spawn(&child, "/bin/sleep", nullptr, nullptr, arguments, environ) == 0) all_noted().add(child);
}
void fork_and_wait() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
}

ravel::body in_first_worker(void (*make)()) {
  return [make](ravel::trial& trial) {
    trial.threads(2, "maker", [&](ravel::worker& me) {
      if (me.index() == 0) make();
    });
    trial.run();
  };
}

ravel::report stress(const ravel::body& body, std::vector<std::string> may_outlive = {}) {
  return ravel::stress({.name = "left", .rounds = 3, .seconds = 20, .may_outlive = std::move(may_outlive)}, body);
}
ravel::report explore(const ravel::body& body) {
  return ravel::explore({.name = "left", .executions = 3, .seconds = 20}, body);
}

void check_that_left(const ravel::report& report, bool is_place_known) {
  INFO(ravel::to_text(report));
  REQUIRE(report.verdict == ravel::verdict::faulty);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].kind == ravel::finding_kind::process_left);
  CHECK(report.findings[0].trials_seen == 3);
  if (is_place_known) {
    REQUIRE(report.findings[0].actors.size() == 1);
    CHECK(ravel::to_text(report).find("left_processes.tests.cpp") != std::string::npos);
  }
  CHECK(all_noted().are_gone_within(std::chrono::seconds(30)));
}

// Runs it in a process of its own, which is then killed in the middle.
void check_that_nothing_is_left(int signal, const std::function<void()>& run, bool is_group) {
  all_noted().count = 0;
  const pid_t victim = fork();
  if (victim == 0) {
    setpgid(0, 0);
    for (const int one : {SIGTERM, SIGINT, SIGHUP}) std::signal(one, SIG_DFL);  // Catch2's tell of it
    run();
    _exit(0);
  }
  for (int i = 0; i < 10'000 && all_noted().count == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(all_noted().count != 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(all_noted().count % 7 * 10));
  kill(is_group ? -victim : victim, signal);
  waitpid(victim, nullptr, 0);
  CHECK(all_noted().are_gone_within(std::chrono::seconds(30)));
}

}  // namespace

TEST_CASE("left processes: a child that outlives its trial is told of once, and ended", "[harness]") {
  check_that_left(stress(in_first_worker(fork_sleeper)), true);
  check_that_left(explore(in_first_worker(fork_sleeper)), true);
}
TEST_CASE("left processes: so is a daemon, though it is nobody's child", "[harness]") {
  check_that_left(stress(in_first_worker(make_daemon)), true);
  check_that_left(explore(in_first_worker(make_daemon)), true);
}
TEST_CASE("left processes: so is another program", "[harness]") {
  check_that_left(stress(in_first_worker(spawn_sleeper)), false);
  check_that_left(explore(in_first_worker(spawn_sleeper)), false);
}
TEST_CASE("left processes: who waits for its child leaves none", "[harness]") {
  CHECK(stress(in_first_worker(fork_and_wait)).verdict == ravel::verdict::clean);
  CHECK(explore(in_first_worker(fork_and_wait)).verdict == ravel::verdict::clean);
}
TEST_CASE("left processes: those that are named may run on; nobody does when the run is over", "[harness]") {
  const ravel::report report = stress(in_first_worker(spawn_sleeper), {"sleep"});
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(all_noted().are_gone_within(std::chrono::seconds(30)));
}
TEST_CASE("left processes: those from before the run are the user's", "[harness]") {
  const pid_t own = fork();
  if (own == 0) {
    sleep(seconds_of_sleeper);
    _exit(0);
  }
  const ravel::report report = stress(in_first_worker(fork_and_wait));
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(noted::is_running(own));
  kill(own, SIGKILL);
  waitpid(own, nullptr, 0);
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);  // and Ravel's keeper is no child
}

// clang's sanitizers ask one from each process that reports.
TEST_CASE("left processes: a symboliser that its asker leaves is nobody's finding, and no child afterwards",
          "[harness]") {
  const auto ask = [] { static_cast<void>(popen("exec llvm-symbolizer > /dev/null", "w")); };
  for (int mode = 0; mode < 2; ++mode) {
    const ravel::report report = mode == 0 ? stress(in_first_worker(ask)) : explore(in_first_worker(ask));
    INFO(ravel::to_text(report));
    for (const ravel::finding& finding : report.findings) CHECK(finding.kind != ravel::finding_kind::process_left);
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
  }
}

TEST_CASE("left processes: killed, the process that runs tests leaves none", "[harness]") {
  const auto spin = [](ravel::trial& trial) {
    trial.threads(1, "spinner", [](ravel::worker&) {
      all_noted().add(getpid());
      fork_sleeper();
      make_daemon();
      spawn_sleeper();
      for (;;) asm volatile("");
    });
    trial.run();
  };
  for (const int signal : {SIGKILL, SIGTERM, SIGINT, SIGHUP}) {
    for (const bool is_group : {false, true}) {
      INFO("signal " << signal << (is_group ? " to the group" : ""));
      check_that_nothing_is_left(signal, [&] { static_cast<void>(stress(spin)); }, is_group);
      check_that_nothing_is_left(signal, [&] { static_cast<void>(explore(spin)); }, is_group);
    }
  }
}

namespace {

// What the run's process has printed to a pipe in the end; it is killed when it has been in the third round for so
// long.
std::string printed_when_killed_after(std::chrono::milliseconds wait) {
  int output[2], ready[2];
  REQUIRE(pipe(output) == 0);
  REQUIRE(pipe(ready) == 0);
  const pid_t process = fork();
  if (process == 0) {
    dup2(output[1], STDERR_FILENO);
    close(output[0]);
    close(output[1]);
    close(ready[0]);
    static_cast<void>(stress([&](ravel::trial& trial) {
      trial.threads(1, "worker", [&](ravel::worker& me) {
        me.require(trial.number() != 2, "the second round is fine");
        if (trial.number() < 3) return;
        static_cast<void>(write(ready[1], "x", 1));
        for (;;) pause();
      });
      trial.run();
    }));
    _exit(0);
  }
  close(output[1]);
  close(ready[1]);
  char byte;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  std::this_thread::sleep_for(wait);
  kill(process, SIGKILL);
  std::string text;
  char piece[4096];
  for (ssize_t count; (count = read(output[0], piece, sizeof piece)) > 0;)
    text.append(piece, static_cast<std::size_t>(count));
  waitpid(process, nullptr, 0);
  close(output[0]);
  close(ready[0]);
  return text;
}

}  // namespace

TEST_CASE("left processes: killed, it is told how far the run had got and what was found", "[harness]") {
  std::string text;
  for (int milliseconds = 300; milliseconds < 20'000; milliseconds *= 3) {
    text = printed_when_killed_after(std::chrono::milliseconds(milliseconds));
    if (text.find("after 2 of") != std::string::npos) break;  // else nobody had looked yet
  }
  INFO(text);
  CHECK(text.find("was ended by SIGKILL after 2 of ") != std::string::npos);
  CHECK(text.find("rounds, so this is no result; what had been found:\n  REQUIREMENT FAILED") != std::string::npos);
  CHECK(text.find("the second round is fine") != std::string::npos);
}

// A schedule token's places are looked up in processes of their own, before the run, which end one by one.
TEST_CASE("left processes: the end of who looks ahead is not that of the process that runs tests", "[harness]") {
  const auto body = [](ravel::trial& trial) { lose_update(trial, true); };
  const ravel::explore_options options{.name = "lost", .executions = 300, .seconds = 60, .without = {"lock_order"}};
  const ravel::report found = ravel::explore(options, body);
  INFO(ravel::to_text(found));
  REQUIRE(found.verdict == ravel::verdict::faulty);
  const std::string token = found.findings[0].token;
  REQUIRE(token.find(".schedule.") != std::string::npos);
  const pid_t fresh = fork();
  if (fresh == 0) {
    setenv("RAVEL_REPLAY", token.c_str(), 1);
    const ravel::report again = ravel::explore(options, body);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const bool is_swept = ravel::detail::all_made_processes()->is_swept.load() != 0;
    _exit(again.verdict != ravel::verdict::faulty ? 1 : is_swept ? 2 : 0);
  }
  int status = 0;
  REQUIRE(waitpid(fresh, &status, 0) == fresh);
  CHECK(status == 0);
}
