// SPDX-License-Identifier: MIT
// dfs against a naive enumeration of the same small programs: as many schedules, all of them different, for each bound
// on preemptions; and what it claims in the report.
#include "catch.hpp"
#include "explored_body.hpp"
#include "strategy/dfs.hpp"

#include <pthread.h>

#include <string>
#include <vector>

namespace {

// A thread is a text: '.' an access of its own, 'L' takes the lock, 'U' gives it back.
using program = std::vector<std::string>;

// The scheduler of execution.hpp in a few lines: a choice at each '.', at an 'L' that is free, after a 'U', and
// whenever somebody is blocked or has ended.
class naive {
 public:
  explicit naive(const program& program) : program_(program), at_(program.size(), -1) {}

  // Schedules with at most so many preemptions.
  std::uint64_t count(std::uint32_t preemptions) { return choose(-1, false, preemptions); }

 private:
  [[nodiscard]] bool is_ready(std::size_t thread) const {
    const int at = at_[thread];
    if (at == static_cast<int>(program_[thread].size())) return false;
    return !(at >= 0 && program_[thread][static_cast<std::size_t>(at)] == 'L' && owner_ != -1);
  }

  std::uint64_t choose(int self, bool can_go_on, std::uint32_t left) {
    std::uint64_t all = 0;
    bool is_any_ready = false;
    for (std::size_t next = 0; next < program_.size(); ++next) {
      if (!is_ready(next)) continue;
      is_any_ready = true;
      const bool preempts = can_go_on && static_cast<int>(next) != self;
      if (preempts && left == 0) continue;
      const naive before = *this;
      all += go_on(next, left - (preempts ? 1 : 0));
      at_ = before.at_;
      owner_ = before.owner_;
    }
    return is_any_ready ? all : 1;
  }

  // Does what is pending, and comes to the next point.
  std::uint64_t go_on(std::size_t self, std::uint32_t left) {
    const std::string& text = program_[self];
    if (at_[self] >= 0 && text[static_cast<std::size_t>(at_[self])] == 'L') owner_ = static_cast<int>(self);
    const auto next = static_cast<std::size_t>(++at_[self]);
    if (next == text.size()) return choose(static_cast<int>(self), false, left);
    if (text[next] == 'U') owner_ = -1;
    return choose(static_cast<int>(self), is_ready(self), left);
  }

  const program program_;
  std::vector<int> at_;  // pending operation; -1: its start
  int owner_ = -1;
};

ravel::body body_of(const program& program) {
  return [=](ravel::trial& trial) {
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    std::vector<int> own(program.size());
    trial.threads(program.size(), "thread", [&](ravel::worker& me) {
      for (const char what : program[me.index()]) {
        if (what == '.') explored::writes(own[me.index()], 1, 1);
        if (what == 'L') pthread_mutex_lock(&lock);
        if (what == 'U') pthread_mutex_unlock(&lock);
      }
    });
    trial.run();
  };
}

ravel::explore_options bounded(unsigned preemptions) {
  ravel::explore_options options;
  options.executions = 100'000;
  options.preemptions = preemptions;
  options.strategy = "dfs";
  return options;
}

void compare(const program& program) {
  std::uint64_t before = 0;  // schedules of the smaller bounds, which come first
  const std::uint64_t all = naive(program).count(1'000);
  for (const unsigned bound : {0u, 1u, 2u, ~0u}) {
    INFO(program.size() << " threads, the first " << program[0] << ", bound " << bound);
    const std::uint64_t expected = naive(program).count(bound);
    const ravel::report report = ravel::explore(bounded(bound), body_of(program));
    CHECK(report.verdict == ravel::verdict::clean);
    CHECK(report.schedules_seen == expected);
    REQUIRE(report.notes.size() == 1);
    INFO(report.notes[0]);
    CHECK(report.notes[0].find("(" + std::to_string(expected) + " schedules)") != std::string::npos);
    CHECK(report.notes[0].find(": clean") != std::string::npos);
    // It stops early where the bound left nothing out.
    if (bound != ~0u && expected != all) CHECK(report.trials_run == before + expected);
    before += expected;
  }
}

}  // namespace

TEST_CASE("dfs: as many schedules as a naive enumeration, threads that do not block", "[harness]") {
  compare({"..", ".."});
  compare({"...", "..", "."});
  compare({"....", "..."});
}

TEST_CASE("dfs: as many schedules as a naive enumeration, threads that take a lock", "[harness]") {
  compare({"LU", "LU"});
  compare({"L.U", ".LU"});
  compare({"LU", "LU", "LU"});
  compare({".L.U", "LU."});
}

TEST_CASE("dfs: the counts are those of combinatorics", "[harness]") {
  // A thread of n points has n + 1 steps: (3 + 3)! / (3! 3!).
  CHECK(naive({"..", ".."}).count(1'000) == 20);
  CHECK(naive({"..", ".."}).count(0) == 2);
}

TEST_CASE("dfs: what it says of a search that is not over", "[harness]") {
  ravel::explore_options options = bounded(2);
  options.executions = 10;
  const ravel::report cut = ravel::explore(options, body_of({"....", "...."}));
  CHECK(cut.verdict == ravel::verdict::clean);
  REQUIRE(cut.notes.size() == 1);
  CHECK(cut.notes[0] ==
        "dfs: all schedules within 0 preemptions: clean; 8 schedules with more, and not all of those are covered");
}

TEST_CASE("dfs: goes on behind a schedule that ended in a deadlock", "[harness]") {
  const ravel::report report = ravel::explore(bounded(0), [](ravel::trial& trial) {
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    int first = 0;
    trial.threads(2, "thread", [&](ravel::worker& me) {
      pthread_mutex_lock(&lock);
      if (first++ == 0 && me.index() == 1) pthread_mutex_lock(&lock);
      pthread_mutex_unlock(&lock);
    });
    trial.run();
  });
  CHECK(report.verdict == ravel::verdict::faulty);
  CHECK(report.trials_run == 2);
  REQUIRE(report.notes.size() == 1);
  CHECK(report.notes[0] == "dfs: all schedules within 0 preemptions were run (2 schedules)");
}
