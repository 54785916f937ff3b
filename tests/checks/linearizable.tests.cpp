// SPDX-License-Identifier: MIT
// Histories on whole runs: what is found, what is said of it, and what must not be said.
#include "catch.hpp"

#include <ravel/checks/history_file.hpp>
#include <ravel/checks/linearizable.hpp>
#include <ravel/checks/models.hpp>
#include <ravel/explore.hpp>
#include <ravel/stress.hpp>

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

using ravel::finding_kind;
using ravel::checks::linearizable;

namespace {

ravel::report explored(const ravel::body& body, std::uint64_t executions = 2'000) {
  return ravel::explore({.name = "history", .executions = executions}, body);
}
ravel::report stressed(const ravel::body& body, std::uint64_t rounds = 200) {
  return ravel::stress({.name = "history", .rounds = rounds, .round_limit = 60}, body);
}

const ravel::finding* first(const ravel::report& report, finding_kind kind) {
  for (const ravel::finding& one : report.findings)
    if (one.kind == kind) return &one;
  return nullptr;
}

// take() looks whether something is there, and later takes it.
template <bool is_faulty>
class queue {
 public:
  explicit queue(std::size_t capacity) : capacity_(capacity) {}
  bool put(int value) {
    const std::lock_guard lock(mutex_);
    if (values_.size() == capacity_) return false;
    values_.push_back(value);
    return true;
  }
  std::optional<int> take() {
    std::unique_lock lock(mutex_);
    if (values_.empty()) return std::nullopt;
    const int value = values_.front();
    if (is_faulty) {
      lock.unlock();
      lock.lock();
    }
    if (!values_.empty()) values_.pop_front();
    return value;
  }

 private:
  std::mutex mutex_;
  std::deque<int> values_;
  std::size_t capacity_;
};

template <bool is_faulty>
void queue_body(ravel::trial& trial) {
  auto make = [] { return queue<is_faulty>{16}; };
  auto subject = make();
  linearizable history{trial, subject, make, {.name = "queue"}};
  trial.threads(3, "client", [&](ravel::worker& me) {
    me.repeat(3, [&] {
      if (me.chance(50))
        history("put", &queue<is_faulty>::put, static_cast<int>(me.pick(1, 9)));
      else
        history("take", &queue<is_faulty>::take);
    });
  });
  trial.run();
}

// Waits until there is something, or room.
// Waits until there is something, or room.
class waiting_queue {
 public:
  void put(int value) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return values_.size() < 2; });
    values_.push_back(value);
    changed_.notify_all();
  }
  int take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !values_.empty(); });
    const int value = values_.front();
    values_.pop_front();
    changed_.notify_all();
    return value;
  }
  // What is there now, without a lock on both: a fault.
  int take_unlocked() {
    int value = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return !values_.empty(); });
      value = values_.front();
    }
    const std::lock_guard lock(mutex_);
    if (!values_.empty()) values_.pop_front();
    changed_.notify_all();
    return value;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<int> values_;
};

template <bool is_faulty>
void waiting_body(ravel::trial& trial) {
  waiting_queue subject;
  linearizable history{trial, subject};
  trial.thread("putter", [&](ravel::worker& me) {
    me.repeat(4, [&](std::uint64_t i) { history("put", &waiting_queue::put, static_cast<int>(i)); });
  });
  trial.threads(2, "taker", [&](ravel::worker& me) {
    me.repeat(is_faulty ? 1 : 2,
              [&] { history("take", is_faulty ? &waiting_queue::take_unlocked : &waiting_queue::take); });
  });
  trial.run();
}

}  // namespace

TEST_CASE("linearizable: a take in two steps is found in explore, and the story tells which call fits nowhere",
          "[checks]") {
  const ravel::report report = explored(queue_body<true>);
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::faulty);
  const ravel::finding* found = first(report, finding_kind::not_linearizable);
  REQUIRE(found != nullptr);
  CHECK(found->what == "on queue: no order of the calls gives their results");
  CHECK(found->replays_shown == 10);
  CHECK(found->is_minimised);
  REQUIRE_FALSE(found->notes.empty());
  CHECK(found->notes[0].find("the calls, in order of time:") == 0);
  CHECK(found->notes[0].find("the longest order that fits:") != std::string::npos);
  CHECK(found->notes[0].find("right would be ") != std::string::npos);
}

TEST_CASE("linearizable: the same queue in one step is silent in explore and in stress", "[checks]") {
  CHECK(explored(queue_body<false>).verdict == ravel::verdict::clean);
  const ravel::report report = stressed(queue_body<false>);
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
}

TEST_CASE("linearizable: a call that waits in the model cannot come next", "[checks]") {
  const ravel::report report = explored(waiting_body<false>, 500);
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(stressed(waiting_body<false>, 100).verdict == ravel::verdict::clean);
}

TEST_CASE("linearizable: a fault between waits is found", "[checks]") {
  const ravel::report report = explored([](ravel::trial& trial) {
    waiting_queue subject;
    linearizable history{trial, subject};
    trial.thread("putter", [&](ravel::worker& me) {
      me.repeat(2, [&](std::uint64_t i) { history("put", &waiting_queue::put, static_cast<int>(i)); });
    });
    trial.threads(2, "taker", [&](ravel::worker&) { history("take", &waiting_queue::take_unlocked); });
    trial.run();
  });
  INFO(ravel::to_text(report));
  CHECK(first(report, finding_kind::not_linearizable) != nullptr);
}

TEST_CASE("linearizable: a class that keeps state outside the object cannot be its own model", "[checks]") {
  struct counted {
    int next() {
      static std::mutex mutex;
      static int number = 0;
      const std::lock_guard lock(mutex);
      return ++number;
    }
  };
  const ravel::report report = explored([](ravel::trial& trial) {
    counted subject;
    linearizable history{trial, subject};
    trial.threads(2, "client", [&](ravel::worker&) { history("next", &counted::next); });
    trial.run();
  });
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::faulty);
  const ravel::finding* found = first(report, finding_kind::misuse);
  REQUIRE(found != nullptr);
  CHECK(found->notes[0].find("it keeps state outside the object") != std::string::npos);
  CHECK(first(report, finding_kind::not_linearizable) == nullptr);
}

TEST_CASE("linearizable: an exception is a result, and what a call gives comes back", "[checks]") {
  struct stack {
    std::mutex mutex;
    std::deque<std::string> values;
    void push(const std::string& value) {
      const std::lock_guard lock(mutex);
      values.push_back(value);
    }
    std::string pop() {
      const std::lock_guard lock(mutex);
      if (values.empty()) throw std::out_of_range("empty");
      std::string value = values.back();
      values.pop_back();
      return value;
    }
  };
  const ravel::report report = explored(
      [](ravel::trial& trial) {
        stack subject;
        linearizable history{trial, subject};
        trial.threads(2, "client", [&](ravel::worker& me) {
          const std::optional<std::string> taken = history("pop", &stack::pop);
          history("push", &stack::push,
                  std::string("a text of more than fifteen letters, ") + std::to_string(me.index()));
          me.require(!taken || taken->starts_with("a text"), "what was pushed comes back");
        });
        trial.run();
      },
      500);
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
}

TEST_CASE("linearizable: a sequential model in the place of the class", "[checks]") {
  struct counter {
    std::atomic<int> value{0};
    int add() {
      const int before = value.load();
      value.store(before + 1);
      return before;
    }
    int add_at_once() { return value.fetch_add(1); }
  };
  const auto run = [](int (counter::*add)()) {
    return [add](ravel::trial& trial) {
      counter subject;
      linearizable history{trial, subject, [] { return ravel::checks::counter_model{}; }};
      std::mutex between;  // points, also without instrumentation
      trial.threads(2, "client", [&](ravel::worker&) {
        history("add", [&between, add](counter& one) {
          const std::lock_guard lock(between);
          return (one.*add)();
        });
      });
      trial.run();
    };
  };
  CHECK(explored(run(&counter::add_at_once)).verdict == ravel::verdict::clean);
}

TEST_CASE("linearizable: a history that is not right is saved where reports go, and can be checked again", "[checks]") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "ravel_linearizable_reports";
  std::filesystem::remove_all(folder);
  setenv("RAVEL_REPORT_DIR", folder.c_str(), 1);
  const ravel::report report = explored(queue_body<true>);
  unsetenv("RAVEL_REPORT_DIR");
  const ravel::finding* found = first(report, finding_kind::not_linearizable);
  REQUIRE(found != nullptr);
  REQUIRE_FALSE(found->notes.empty());
  const std::size_t place = found->notes[0].find("the history is in ");
  REQUIRE(place != std::string::npos);
  std::ifstream file(found->notes[0].substr(place + 18));
  const ravel::checks::history again = ravel::checks::read_history(file, "saved");
  CHECK(check_history(again, ravel::checks::fifo_model{}).answer == ravel::checks::answer::fails);
  std::filesystem::remove_all(folder);
}

TEST_CASE("linearizable: a call recorded inside of another one is misuse", "[checks]") {
  const ravel::report report = explored(
      [](ravel::trial& trial) {
        queue<false> subject{4};
        linearizable history{trial, subject, [] { return queue<false>{4}; }};
        trial.threads(2, "client", [&](ravel::worker&) {
          history("outer", [&](queue<false>&) { history("put", &queue<false>::put, 1); });
        });
        trial.run();
      },
      10);
  INFO(ravel::to_text(report));
  const ravel::finding* found = first(report, finding_kind::misuse);
  REQUIRE(found != nullptr);
  CHECK(found->notes[1] == "record the outer call or the inner one, not both");
}
