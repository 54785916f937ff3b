// SPDX-License-Identifier: MIT
// The census on whole runs: what rises over rounds is a finding, what is opened once and kept is a note.
#include "catch.hpp"

#include <ravel/checks/census.hpp>
#include <ravel/stress.hpp>

#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
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

namespace {

// Left by each round; then removed.
ravel::report leave_names(std::uint64_t rounds, const std::function<void(const std::string& name)>& make,
                          const std::function<void(const std::string& name)>& remove, const std::string& stem) {
  const std::string own = stem + std::to_string(getpid()) + "-";
  const ravel::report report = run(rounds, [&](ravel::trial& trial) { make(own + std::to_string(trial.number())); });
  for (std::uint64_t i = 1; i <= rounds; ++i) remove(own + std::to_string(i));
  return report;
}

void check_leak(const ravel::report& report, const std::string& what, const std::string& cure) {
  INFO(ravel::to_text(report));
  REQUIRE(report.findings.size() == 1);
  const ravel::finding& found = report.findings[0];
  CHECK(found.kind == finding_kind::leak);
  CHECK_FALSE(found.is_informative);
  CHECK(found.what.find(what) == 0);
  REQUIRE(found.notes.size() >= 1);
  CHECK(found.notes[0].find(cure) != std::string::npos);
  REQUIRE(found.actors.size() == 1);
  CHECK(found.actors[0].action == "made one of them");
  REQUIRE_FALSE(found.actors[0].stack.empty());
}

void write_to(const std::string& path) {
  if (std::FILE* file = std::fopen(path.c_str(), "w")) std::fclose(file);
}

}  // namespace

TEST_CASE("census: a message queue, a file in /tmp, a temporary folder are found with the place", "[checks]") {
  const auto make_queue = [](const std::string& name) {
    mq_attr small{};
    small.mq_maxmsg = small.mq_msgsize = 1;
    mq_close(mq_open(name.c_str(), O_CREAT | O_RDWR, 0600, &small));
  };
  check_leak(leave_names(
                 10, make_queue, [](const std::string& name) { mq_unlink(name.c_str()); }, "/ravel-census-"),
             "of message queues: 10 more after round 10 than at the start, all named /ravel-census-#-#", "mq_unlink");
  const auto remove_file = [](const std::string& name) { unlink(name.c_str()); };
  check_leak(leave_names(10, write_to, remove_file, "/tmp/ravel-census-"),
             "of temporary files: 10 more after round 10 than at the start, all named /tmp/ravel-census-#-#", "unlink");
  const auto open_file = [](const std::string& name) { close(open(name.c_str(), O_CREAT | O_WRONLY, 0600)); };
  check_leak(leave_names(10, open_file, remove_file, "/tmp/ravel-census-"), "of temporary files: 10", "unlink");
  char base[] = "/tmp/ravel-census-XXXXXX";
  REQUIRE(mkdtemp(base) != nullptr);
  const std::string pattern = std::string(base) + "/partXXXXXX";
  const auto make_folder = [&](const std::string&) {
    std::string name = pattern;
    REQUIRE(mkdtemp(name.data()) != nullptr);
  };
  check_leak(leave_names(
                 10, make_folder, [](const std::string&) {}, ""),
             "of temporary folders: 10 more after round 10 than at the start, all named " + pattern, "rmdir");
  std::filesystem::remove_all(base);
}

TEST_CASE("census: many names that are removed again leave room, and one that is kept is a note", "[checks]") {
  const std::string stem = "/tmp/ravel-census-" + std::to_string(getpid()) + "-";
  const ravel::report report = run(40, [&](ravel::trial& trial) {
    write_to(stem + "kept");
    for (int i = 0; i < 200; ++i) {
      const std::string name = stem + std::to_string(trial.number() * 1000 + static_cast<unsigned>(i));
      write_to(name);
      unlink(name.c_str());
    }
  });
  unlink((stem + "kept").c_str());
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(report.findings.empty());
  CHECK(notes_of(report).find("census: 1 more temporary files than at the start, named /tmp/ravel-census-#-kept") !=
        std::string::npos);
  CHECK(notes_of(report).find("left out") == std::string::npos);
}

TEST_CASE("census: threads that have ended and were neither joined nor detached", "[checks]") {
  const auto nothing = [](void* argument) { return argument; };
  const ravel::report report = run(8, [&](ravel::trial&) {
    pthread_t one;
    pthread_create(&one, nullptr, nothing, nullptr);
  });
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].kind == finding_kind::thread_unclaimed);
  CHECK_FALSE(report.findings[0].is_informative);
  CHECK(report.findings[0].what.find("threads that have ended were neither joined nor detached: 8 after round 8") == 0);
  REQUIRE(report.findings[0].actors.size() == 1);
  CHECK_FALSE(report.findings[0].actors[0].stack.empty());
  const ravel::report late = run(8, [&](ravel::trial&) {  // joined by the next round
    static pthread_t one;
    static bool is_there = false;
    if (is_there) pthread_join(one, nullptr);
    is_there = true;
    pthread_create(&one, nullptr, nothing, nullptr);
  });
  CHECK(late.verdict == ravel::verdict::clean);
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
