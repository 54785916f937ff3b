// SPDX-License-Identifier: MIT
// The census on whole runs: what rises over rounds is a finding, what is opened once and kept is a note.
#include "catch.hpp"

#include <ravel/checks/census.hpp>
#include <ravel/stress.hpp>

#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

using ravel::finding_kind;

namespace {

ravel::report run(std::uint64_t rounds, const ravel::body& after_threads) {
  ravel::stress_options options;
  options.name = "census";
  options.rounds = rounds;
  return ravel::stress(options, [&](ravel::trial& trial) {
    trial.threads(2, "client", [](ravel::worker&) {});
    trial.run();
    after_threads(trial);
  });
}

std::string notes_of(const ravel::report& report) {
  std::string all;
  for (const std::string& note : report.notes) all += note + "\n";
  return all;
}

void run_on() {
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

}  // namespace

TEST_CASE("census: a descriptor left by every round is a leak that names its target", "[checks]") {
  const ravel::report report = run(30, [](ravel::trial&) { REQUIRE(open("/dev/null", O_RDONLY) >= 0); });
  REQUIRE(report.findings.size() == 1);
  const ravel::finding& found = report.findings[0];
  CHECK(found.kind == finding_kind::leak);
  CHECK(found.check == "census");
  CHECK(found.what == "of file descriptors: 30 more open after round 30 than at the start, all to /dev/null");
  CHECK_FALSE(found.is_informative);
}

TEST_CASE("census: two rounds are enough", "[checks]") {
  CHECK(run(2, [](ravel::trial&) { REQUIRE(open("/dev/null", O_RDONLY) >= 0); }).verdict == ravel::verdict::faulty);
}

TEST_CASE("census: a descriptor opened once and kept is a note", "[checks]") {
  const ravel::report report = run(30, [](ravel::trial&) {
    static const int kept = open("/dev/null", O_RDONLY);
    static_cast<void>(kept);
  });
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(notes_of(report).find("1 more file descriptors open than at the start, to /dev/null") != std::string::npos);
}

TEST_CASE("census: a set of descriptors that fills up over some rounds is no failure", "[checks]") {
  const ravel::report report = run(60, [](ravel::trial&) {
    static int opened = 0;
    if (opened++ < 6) static_cast<void>(open("/dev/null", O_RDONLY));
  });
  CHECK(report.verdict == ravel::verdict::clean);
}

TEST_CASE("census: descriptors that are closed again are silent", "[checks]") {
  const ravel::report report = run(50, [](ravel::trial&) { close(open("/dev/null", O_RDONLY)); });
  CHECK(ravel::to_text(report).find("clean") == 0);
  CHECK(report.findings.empty());
}

TEST_CASE("census: a thread left running by every round is found with the place of its creation", "[checks]") {
  const ravel::report report = run(8, [](ravel::trial&) { std::thread(run_on).detach(); });
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].kind == finding_kind::thread_left);
  CHECK_FALSE(report.findings[0].is_informative);
  REQUIRE(report.findings[0].actors.size() == 1);
  CHECK_FALSE(report.findings[0].actors[0].stack.empty());
}

TEST_CASE("census: threads of a pool that is made once and stays are a note", "[checks]") {
  const ravel::report report = run(20, [](ravel::trial&) {
    static const bool is_made = [] {
      for (int i = 0; i < 3; ++i) std::thread(run_on).detach();
      return true;
    }();
    static_cast<void>(is_made);
  });
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(report.findings.empty());
  CHECK(notes_of(report).find("3 threads that were created run on") != std::string::npos);
}

TEST_CASE("census: a thread that ends a little later is waited for", "[checks]") {
  const ravel::report report = run(10, [](ravel::trial&) {
    std::thread([] { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }).detach();
  });
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(notes_of(report) == "");
}

TEST_CASE("census: segments left in /dev/shm are found by name", "[checks]") {
  const std::string stem = "/ravel-census-test-" + std::to_string(getpid()) + "-";
  const ravel::report left = run(10, [&](ravel::trial& trial) {
    close(shm_open((stem + std::to_string(trial.number())).c_str(), O_CREAT | O_RDWR, 0600));
  });
  for (int i = 1; i <= 10; ++i) shm_unlink((stem + std::to_string(i)).c_str());
  REQUIRE(left.findings.size() == 1);
  CHECK(left.findings[0].kind == finding_kind::leak);
  CHECK(left.findings[0].what.find("of shared memory segments: 10 more after round 10") == 0);
  const ravel::report removed = run(10, [&](ravel::trial& trial) {
    const std::string name = stem + std::to_string(trial.number());
    close(shm_open(name.c_str(), O_CREAT | O_RDWR, 0600));
    shm_unlink(name.c_str());
  });
  CHECK(removed.verdict == ravel::verdict::clean);
}

TEST_CASE("census: a semaphore left in /dev/shm is found by name", "[checks]") {
  const std::string stem = "/ravel-census-test-" + std::to_string(getpid()) + "-";
  const ravel::report left = run(10, [&](ravel::trial& trial) {
    sem_close(sem_open((stem + std::to_string(trial.number())).c_str(), O_CREAT, 0600, 3));
  });
  for (int i = 1; i <= 10; ++i) sem_unlink((stem + std::to_string(i)).c_str());
  REQUIRE(left.findings.size() == 1);
  CHECK(left.findings[0].what.find("/dev/shm/sem.ravel-census-test-#-#") != std::string::npos);
}

TEST_CASE("census: segments that another process makes meanwhile are a note", "[checks]") {
  const std::string stem = "/dev/shm/ravel-census-test-" + std::to_string(getpid()) + "-";
  const ravel::report report = run(10, [&](ravel::trial& trial) {
    REQUIRE(std::system(("touch " + stem + std::to_string(trial.number())).c_str()) == 0);
  });
  for (int i = 1; i <= 10; ++i) unlink((stem + std::to_string(i)).c_str());
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(report.findings.empty());
  CHECK(notes_of(report).find("10 more shared memory segments than at the start") != std::string::npos);
  CHECK(notes_of(report).find("another process may have made them") != std::string::npos);
}

TEST_CASE("census: a heap that grows by reachable memory is growth, a plateau is not", "[checks]") {
  const auto body = [](std::size_t bound) {
    return [=](ravel::trial&) {
      static std::vector<std::string>* kept = new std::vector<std::string>;
      if (kept->size() < bound) kept->emplace_back(50'000, 'x');
    };
  };
  const ravel::report growing = run(100, body(1'000'000));
  REQUIRE(growing.findings.size() == 1);
  CHECK(growing.findings[0].kind == finding_kind::growth);
  CHECK(growing.findings[0].what.find("of the heap by 50") == 0);
  const ravel::report plateau = run(100, body(30));
  INFO(ravel::to_text(plateau));
  CHECK(plateau.verdict == ravel::verdict::clean);
}

TEST_CASE("census: growth is found where each look takes long", "[checks]") {
  std::vector<int> open_files;
  while (open_files.size() < 900) {
    const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (file < 0) break;
    open_files.push_back(file);
  }
  REQUIRE(open_files.size() > 200);
  // Not by every round: the first sixteen do not show it. One is judged on the way, the other at the end only.
  struct rate {
    std::uint64_t rounds, every;
  };
  for (const rate growing : {rate{200, 3}, rate{100, 2}}) {
    const ravel::report report = run(growing.rounds, [&](ravel::trial& trial) {
      static std::vector<std::string>* kept = new std::vector<std::string>;
      if (trial.number() % growing.every == 0) kept->emplace_back(50'000, 'x');
    });
    INFO(growing.rounds << " rounds");
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].kind == finding_kind::growth);
  }
  for (const int file : open_files) close(file);
}

TEST_CASE("census: the ignore list wants a library and a reason", "[checks]") {
  CHECK_THROWS_AS(ravel::checks::ignore_threads_of("", "why"), ravel::usage_error);
  CHECK_THROWS_AS(ravel::checks::ignore_threads_of("libmypool", nullptr), ravel::usage_error);
}
