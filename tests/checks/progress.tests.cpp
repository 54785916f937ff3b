// SPDX-License-Identifier: MIT
// Claims about progress on whole runs: what is found, what is said of it, what is no pass. Without points at accesses:
// locks and yields are the points here. More in tests/planted/explore.
#include "../harness/environment_variable.hpp"
#include "catch.hpp"

#include <ravel/checks/linearizable.hpp>
#include <ravel/checks/progress.hpp>
#include <ravel/explore.hpp>
#include <ravel/report.hpp>
#include <ravel/stress.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

using ravel::finding_kind;
using ravel::checks::progress;

namespace {

ravel::report explored(const ravel::body& body, std::uint64_t executions = 400, const char* strategy = "portfolio") {
  return ravel::explore({.name = "progress", .executions = executions, .strategy = strategy}, body);
}

const ravel::finding* first(const ravel::report& report, finding_kind kind) {
  for (const ravel::finding& one : report.findings)
    if (one.kind == kind) return &one;
  return nullptr;
}

bool has_note(const ravel::report& report, const std::string& part) {
  for (const std::string& one : report.notes)
    if (one.find(part) != std::string::npos) return true;
  return false;
}

// A lock of its own, which nobody else wants.
void point() {
  std::mutex own;
  const std::lock_guard lock(own);
}
void points(int count) {
  for (int i = 0; i < count; ++i) point();
}

class locked_counter {
 public:
  int add(int by) {
    const std::lock_guard lock(mutex_);
    point();
    return count_ += by;
  }

 private:
  std::mutex mutex_;
  int count_ = 0;
};

void claims_of_a_lock(ravel::trial& trial) {
  locked_counter counter;
  ravel::checks::linearizable history{trial, counter, [] { return locked_counter{}; }};
  progress claims{trial};
  claims.obstruction_free("add");
  trial.threads(2, "client", [&](ravel::worker&) { history("add", &locked_counter::add, 1); });
  trial.run();
}

// Who is the last to say so may change it; in step each takes that from the other.
class contested {
 public:
  void add(int self) {
    do {
      owner_ = self;
      point();
    } while (owner_ != self);
    ++count_;
  }

 private:
  std::atomic<int> owner_{0}, count_{0};
};

void claims_of_contested(ravel::trial& trial) {
  contested counter;
  progress claims{trial, {.within = 30, .samples = 10}};
  claims.obstruction_free("add");
  claims.lock_free("add");
  trial.threads(2, "client", [&](ravel::worker& me) {
    me.repeat(2, [&] { claims("add", [&] { counter.add(static_cast<int>(me.index()) + 1); }); });
  });
  trial.run();
}

}  // namespace

TEST_CASE("progress: who waits for one that is stopped is found, on both engines, and replays", "[checks]") {
  std::string token;
  for (const char* engine : {"user", "kernel"}) {
    const environment_variable used("RAVEL_ENGINE", engine);
    const ravel::report report = explored(claims_of_a_lock, 400);
    INFO(ravel::to_text(report));
    const ravel::finding* found = first(report, finding_kind::no_progress);
    REQUIRE(found != nullptr);
    CHECK(report.verdict == ravel::verdict::faulty);
    CHECK(report.findings.size() == 1);
    CHECK(found->check == "progress");
    CHECK(found->what == "of \"add\", which is claimed to be obstruction-free: it waits for one that was stopped");
    REQUIRE(found->actors.size() == 2);
    CHECK(found->actors[0].thread.starts_with("client#"));
    CHECK(found->actors[0].action == "is still in add()");
    CHECK(found->actors[0].object == "and waits in lock for what " + found->actors[1].thread + " holds, at");
    CHECK(found->actors[0].place.function.find("add") != std::string::npos);
    CHECK(found->actors[1].action == "was stopped in add()");
    CHECK(found->replays == 10);
    CHECK(found->replays_shown == 10);
    CHECK(found->is_minimised);
    CHECK((token.empty() || token == found->token));
    token = found->token;
  }
  for (const char* engine : {"user", "kernel"}) {
    const environment_variable used("RAVEL_ENGINE", engine), replay("RAVEL_REPLAY", token);
    const ravel::report again = explored(claims_of_a_lock);
    REQUIRE(again.findings.size() == 1);
    CHECK(again.findings.front().kind == finding_kind::no_progress);
    CHECK(again.verdict == ravel::verdict::faulty);
  }
}

TEST_CASE("progress: two that undo each other's work are obstruction-free, not lock-free", "[checks]") {
  for (const char* strategy : {"random", "pct", "dfs"}) {
    INFO(strategy);
    const ravel::report report = explored(claims_of_contested, 400, strategy);
    REQUIRE(report.findings.size() == 1);
    const ravel::finding& found = report.findings.front();
    CHECK(found.what ==
          "of \"add\", which is claimed to be lock-free: nobody's operation ended within 30 points of each that ran");
    CHECK(found.actors[0].object.find("points of its own") != std::string::npos);
    CHECK(found.replays == found.replays_shown);
    if (std::string(strategy) != "dfs") CHECK(has_note(report, "obstruction-free: \"add\" (progress.tests.cpp:"));
  }
}

TEST_CASE("progress: what held is told as counts, and as no proof", "[checks]") {
  const ravel::report report = explored([](ravel::trial& trial) {
    progress claims{trial, {.within = 6, .overtakes = 9, .samples = 100}};
    claims.obstruction_free("step");
    claims.lock_free("step");
    claims.wait_free("step");
    claims.starvation_free("step");
    trial.threads(3, "client", [&](ravel::worker& me) { me.repeat(4, [&] { claims("step", [] { points(3); }); }); });
    trial.run();
  });
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(report.findings.empty());
  for (const char* kind : {"obstruction-free", "lock-free", "wait-free"})
    CHECK(has_note(report, std::string(kind) + ": \"step\" (progress.tests.cpp:"));
  CHECK(has_note(report, " sampled points, none needed more than 6 points (limit 6); at "));
  CHECK(has_note(report, "operations of others go first (limit 9); at "));
  for (const std::string& note : report.notes) CHECK(note.find("prove") == std::string::npos);
}

TEST_CASE("progress: starvation is found under fair turns alone, and says who had how many", "[checks]") {
  const auto body = [](bool is_fair) {
    return [is_fair](ravel::trial& trial) {
      std::mutex mutex;
      int readers = 0, waiting = 0;
      progress claims{trial, {.overtakes = 10, .samples = 20}};
      claims.starvation_free("write");
      trial.threads(2, "reader", [&](ravel::worker& me) {
        me.repeat(12, [&] {
          claims("read", [&] {
            std::unique_lock lock(mutex);
            while (is_fair && waiting != 0) {
              lock.unlock();
              std::this_thread::yield();
              lock.lock();
            }
            ++readers;
            lock.unlock();
            points(1);
            lock.lock();
            --readers;
          });
        });
      });
      trial.thread("writer", [&](ravel::worker&) {
        claims("write", [&] {
          std::unique_lock lock(mutex);
          ++waiting;
          while (readers != 0) {
            lock.unlock();
            std::this_thread::yield();
            lock.lock();
          }
          --waiting;
        });
      });
      trial.run();
    };
  };
  const ravel::report starved = explored(body(false));
  const ravel::finding* found = first(starved, finding_kind::starvation);
  REQUIRE(found != nullptr);
  CHECK(!found->is_informative);
  CHECK(found->what ==
        "of \"write\", which is claimed to be starvation-free: it did not end before others had ended 10 operations");
  REQUIRE(found->notes.size() == 1);
  CHECK(found->notes[0].starts_with("from a drawn point of this call on all threads had fair turns: its own had "));
  bool is_told = false;
  for (const ravel::actor& one : found->actors)
    is_told = is_told || (one.thread.starts_with("reader#") && one.action.starts_with("ran on: "));
  CHECK(is_told);
  CHECK(found->replays == found->replays_shown);
  CHECK(explored(body(true)).verdict == ravel::verdict::clean);
}

TEST_CASE("progress: time is no reason not to go on, and the execution ends as others do", "[checks]") {
  const ravel::report report = explored([](ravel::trial& trial) {
    std::condition_variable never;
    std::atomic<int> ended{0};
    progress claims{trial, {.samples = 50}};
    claims.obstruction_free("sleep", "wait");
    trial.threads(2, "client", [&](ravel::worker& me) {
      claims("sleep", [&] {
        points(1);
        std::this_thread::sleep_for(std::chrono::hours(1));
      });
      std::mutex own;
      claims("wait", [&] {
        std::unique_lock lock(own);
        points(1);
        never.wait_for(lock, std::chrono::minutes(1 + me.index()));
      });
      ++ended;
    });
    trial.run();
    trial.require(ended == 2, "each has ended");
  });
  CHECK(report.findings.empty());
  CHECK(report.verdict == ravel::verdict::clean);
}

TEST_CASE("progress: other checks judge the execution in which a claim was broken", "[checks]") {
  const ravel::report report = explored([](ravel::trial& trial) {
    claims_of_contested(trial);
    trial.require(false, "the body went on to its end");
  });
  CHECK(first(report, finding_kind::no_progress) != nullptr);
  const ravel::finding* required = first(report, finding_kind::requirement);
  REQUIRE(required != nullptr);
  CHECK(required->trials_seen == 400);
}

TEST_CASE("progress: a pass that was not earned is none", "[checks]") {
  const auto body = [](const char* name, unsigned threads, std::uint64_t samples) {
    return [=](ravel::trial& trial) {
      progress claims{trial, {.samples = samples}};
      claims.lock_free(name);
      trial.threads(threads, "client", [&](ravel::worker&) { claims("step", [] { points(2); }); });
      trial.run();
    };
  };
  const ravel::report few = explored(body("step", 2, 1'000), 20);
  CHECK(few.verdict == ravel::verdict::undecided);
  CHECK(few.reason.find("too little is known of the claim that \"step\" is lock-free (progress.tests.cpp:") == 0);
  CHECK(few.reason.find(", and .samples asks for 1000; more executions try more") != std::string::npos);
  const ravel::report misspelt = explored(body("stop", 2, 10));
  CHECK(misspelt.verdict == ravel::verdict::undecided);
  CHECK(misspelt.reason.find("no call of that name was recorded") != std::string::npos);
  const ravel::report alone = explored(body("step", 1, 10));
  CHECK(alone.verdict == ravel::verdict::undecided);
  CHECK(alone.reason.find("none of its 400 calls came to a point at which others could be stopped") !=
        std::string::npos);
}

TEST_CASE("progress: in stress nobody is stopped, and the report says so", "[checks]") {
  const ravel::report report = ravel::stress({.name = "progress", .rounds = 20, .round_limit = 60}, claims_of_a_lock);
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(has_note(report, "claims about progress are not tried here"));
}

TEST_CASE("progress: claims that can say nothing are refused", "[checks]") {
  const auto refusal = [](const ravel::body& body) {
    const ravel::report report = explored(body, 5);
    CHECK(report.verdict == ravel::verdict::misused);
    CHECK(ravel::exit_code(report) == 64);
    return report.reason;
  };
  const std::string zero = refusal([](ravel::trial& trial) { const progress claims{trial, {.within = 0}}; });
  CHECK(zero.find("progress.tests.cpp:") != std::string::npos);
  CHECK(zero.find("write 1 or more") != std::string::npos);
  CHECK(refusal([](ravel::trial& trial) {
          progress claims{trial};
          claims.wait_free("");
        }).find("a claim needs the name of an operation") != std::string::npos);
  CHECK(refusal([](ravel::trial& trial) {
          progress claims{trial};
          for (int i = 0; i < 17; ++i) claims.wait_free("same");
        }).find("more than 16 claims") != std::string::npos);
}

namespace {

class endless {
 public:
  int put(int item) {
    while (!is_free_) {
    }
    return item;
  }

 private:
  std::atomic<bool> is_free_{false};
};

ravel::report hung() {
  return ravel::stress({.name = "progress", .rounds = 1, .round_limit = 1}, [](ravel::trial& trial) {
    endless subject;
    ravel::checks::linearizable history{trial, subject, [] { return endless{}; }};
    trial.thread("producer", [&](ravel::worker&) { history("put", &endless::put, 3); });
    trial.run();
  });
}

}  // namespace

TEST_CASE("progress: a hang is told by the operation that does not return", "[checks]") {
  const ravel::report stopped = hung();
  REQUIRE(stopped.findings.size() == 1);
  const ravel::finding& all = stopped.findings.front();
  CHECK(all.kind == finding_kind::hang);
  CHECK(all.what == "the round did not end within 1 s: put(3) by producer#0 has not returned");
  REQUIRE(!all.actors.empty());
  CHECK(all.actors[0].action == "is still in");
  CHECK(all.actors[0].object == "put(3)");
  CHECK(all.actors[0].place.function.find("put") != std::string::npos);
  REQUIRE(!all.notes.empty());
  CHECK(all.notes[0].starts_with("put(3) had the processor for "));
}

TEST_CASE("progress: it can be switched off", "[checks]") {
  const ravel::report report =
      ravel::explore({.name = "progress", .executions = 50, .without = {"progress"}}, claims_of_contested);
  CHECK(report.findings.empty());
  CHECK(report.verdict == ravel::verdict::clean);
}
