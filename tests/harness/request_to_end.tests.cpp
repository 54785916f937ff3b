// SPDX-License-Identifier: MIT
// A run that is asked to end by SIGINT, SIGTERM or SIGHUP says what it knows, and ends by that signal.
#include "catch.hpp"
#include "shared_value.hpp"

#include <ravel/explore.hpp>
#include <ravel/stress.hpp>

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <utility>

namespace {

struct shared_state {
  std::atomic<int> trials;  // that have begun
  std::atomic<int> reports;
};
const shared_value<shared_state> state;

struct ended {
  int status = 0;
  std::string said;
};

// The run in a process of its own, which gets the signal when five trials have begun.
ended interrupted(int signal, const std::function<ravel::report()>& run, bool is_to_group, bool is_ignored = false) {
  state->trials = state->reports = 0;
  std::string path = std::filesystem::temp_directory_path() / "ravel-said-XXXXXX";
  const int output = mkstemp(path.data());
  std::fflush(nullptr);
  const pid_t victim = fork();
  if (victim == 0) {
    setpgid(0, 0);
    for (const int one : {SIGINT, SIGTERM, SIGHUP}) std::signal(one, is_ignored ? SIG_IGN : SIG_DFL);  // not Catch2's
    dup2(output, STDOUT_FILENO);
    ravel::add_report_sink([](const ravel::report&) { ++state->reports; });
    const ravel::report report = run();
    _exit(ravel::exit_code(report));
  }
  for (int i = 0; i < 3'000 && state->trials < 5; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(state->trials >= 5);
  kill(is_to_group ? -victim : victim, signal);
  ended result;
  waitpid(victim, &result.status, 0);
  close(output);
  std::ifstream file(path);
  result.said.assign(std::istreambuf_iterator<char>(file), {});
  unlink(path.c_str());
  return result;
}

// Long, or of many short trials.
ravel::body body_of(bool is_long, bool is_faulty) {
  return [=](ravel::trial& trial) {
    const int number = ++state->trials;
    trial.threads(2, "client", [=](ravel::worker& me) {
      if (is_long && number >= 5)
        for (;;) asm volatile("");
      me.require(!is_faulty || number != 3, "as it should be");
    });
    trial.run();
    if (!is_long) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
}
ravel::report stress(const ravel::body& body) {
  return ravel::stress({.name = "asked", .rounds = 1'000'000, .seconds = 100, .round_limit = 100}, body);
}
ravel::report explore(const ravel::body& body) {
  return ravel::explore({.name = "asked", .executions = 1'000'000, .seconds = 100, .execution_limit = 100}, body);
}

void check_said(const ended& end, int signal, const char* name) {
  INFO(end.said);
  CHECK(WIFSIGNALED(end.status));
  CHECK(WTERMSIG(end.status) == signal);
  CHECK(end.said.find("CRASH") == std::string::npos);
  CHECK(end.said.find(std::string("undecided: ended early: the process that runs the tests was sent ") + name +
                      " after ") != std::string::npos);
  CHECK(state->reports == 1);
}

}  // namespace

TEST_CASE("request to end: the report comes, and the process ends by the signal", "[harness]") {
  for (const auto& [signal, name] :
       {std::pair{SIGINT, "SIGINT"}, std::pair{SIGTERM, "SIGTERM"}, std::pair{SIGHUP, "SIGHUP"}})
    for (const bool is_long : {false, true})
      for (const bool is_to_group : {false, true}) {
        INFO(name << (is_long ? ", in a long trial" : "") << (is_to_group ? ", to the group" : ""));
        check_said(interrupted(signal, [&] { return stress(body_of(is_long, false)); }, is_to_group), signal, name);
        check_said(interrupted(signal, [&] { return explore(body_of(is_long, false)); }, is_to_group), signal, name);
      }
}

TEST_CASE("request to end: what was found until then is told", "[harness]") {
  for (const bool is_long : {false, true}) {
    const ended end = interrupted(SIGTERM, [&] { return stress(body_of(is_long, true)); }, true);
    INFO(end.said);
    CHECK(WIFSIGNALED(end.status));
    CHECK(end.said.find("REQUIREMENT FAILED") != std::string::npos);
    CHECK(end.said.find("faulty: 1 finding") != std::string::npos);
  }
}

TEST_CASE("request to end: what is ignored stays so", "[harness]") {
  const auto run = [] { return ravel::stress({.name = "asked", .rounds = 50}, body_of(false, false)); };
  const ended end = interrupted(SIGHUP, run, true, true);
  INFO(end.said);
  CHECK(WIFEXITED(end.status));
  CHECK(WEXITSTATUS(end.status) == 0);
}

TEST_CASE("request to end: a target that sends itself one has crashed", "[harness]") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const auto before = std::signal(signal, SIG_DFL);
    const ravel::report report = ravel::stress({.name = "itself", .rounds = 20}, [&](ravel::trial& trial) {
      trial.threads(2, "client", [&](ravel::worker& me) {
        if (trial.number() == 5 && me.index() == 0) kill(getpid(), signal);
        usleep(1000);
      });
      trial.run();
    });
    std::signal(signal, before);
    INFO(ravel::to_text(report));
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].kind == ravel::finding_kind::crash);
  }
}
