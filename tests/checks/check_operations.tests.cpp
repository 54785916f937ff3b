// SPDX-License-Identifier: MIT
// Tests from a table of operations: what they find, how small the program is that they show, and that it can be pasted.
#include "catch.hpp"

#include <ravel/checks/check_operations.hpp>
#include <ravel/explore.hpp>
#include <ravel/stress.hpp>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

using ravel::finding_kind;
using ravel::checks::check_operations;

namespace {

ravel::report explored(const ravel::body& body, std::uint64_t executions = 2'000) {
  return ravel::explore({.name = "table", .executions = executions}, body);
}

const ravel::finding* first(const ravel::report& report, finding_kind kind) {
  for (const ravel::finding& one : report.findings)
    if (one.kind == kind) return &one;
  return nullptr;
}

std::string note_with(const ravel::finding& finding, const std::string& part) {
  for (const std::string& note : finding.notes)
    if (note.find(part) != std::string::npos) return note;
  return "";
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
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return values_.size();
  }

 private:
  std::mutex mutex_;
  std::deque<int> values_;
  std::size_t capacity_;
};

template <bool is_faulty>
auto queue_operations() {
  return ravel::operations<queue<is_faulty>>(ravel::op("put", &queue<is_faulty>::put, ravel::ints(1, 9)),
                                             ravel::op("take", &queue<is_faulty>::take),
                                             ravel::op("size", &queue<is_faulty>::size));
}
const auto faulty_operations = queue_operations<true>();
const auto clean_operations = queue_operations<false>();

template <bool is_faulty>
ravel::checks::operations_options<queue<is_faulty>> of_sixteen() {
  return {.make = [] { return queue<is_faulty>{16}; }};
}

unsigned calls_in(const std::string& program) {
  unsigned count = 0;
  for (const char one : program) count += one == '(' ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("check_operations: a take in two steps is found and reduced to the calls that matter", "[checks]") {
  const ravel::report report =
      explored([](ravel::trial& trial) { check_operations(trial, faulty_operations, of_sixteen<true>()); });
  INFO(ravel::to_text(report));
  const ravel::finding* found = first(report, finding_kind::not_linearizable);
  REQUIRE(found != nullptr);
  CHECK(found->replays_shown == 10);
  CHECK(found->is_minimised);
  CHECK(note_with(*found, "of the 15 calls that the body makes there, ") != "");
  const std::string test = note_with(*found, "RAVEL_TEST_CASE(");
  CHECK(test.find("RAVEL_TEST_CASE(\"table, by hand\", \"[operations]\")") != std::string::npos);
  CHECK(test.find("check_operations(trial, faulty_operations, {.program = {") != std::string::npos);
  const std::string program = test.substr(test.find(".program"));
  CHECK(calls_in(program) >= 2);
  CHECK(calls_in(program) <= 4);  // a put, and two takes that meet
}

TEST_CASE("check_operations: its token shows the finding again, and nothing but the calls that it keeps", "[checks]") {
  const ravel::body body = [](ravel::trial& trial) { check_operations(trial, faulty_operations, of_sixteen<true>()); };
  const ravel::report report = explored(body);
  const ravel::finding* found = first(report, finding_kind::not_linearizable);
  REQUIRE(found != nullptr);
  INFO(found->token);
  CHECK(found->token.find(".x") != std::string::npos);
  setenv("RAVEL_REPLAY", found->token.c_str(), 1);
  const ravel::report again = explored(body);
  unsetenv("RAVEL_REPLAY");
  INFO(ravel::to_text(again));
  const ravel::finding* shown = first(again, finding_kind::not_linearizable);
  REQUIRE(shown != nullptr);
  CHECK(note_with(*shown, ".program") == note_with(*found, ".program"));
}

TEST_CASE("check_operations: the program that is shown is one that can be run", "[checks]") {
  const ravel::report report = explored([](ravel::trial& trial) {
    auto options = of_sixteen<true>();
    options.program = {{"put(4)", "take()"}, {"take()"}};
    check_operations(trial, faulty_operations, options);
  });
  INFO(ravel::to_text(report));
  CHECK(first(report, finding_kind::not_linearizable) != nullptr);
}

TEST_CASE("check_operations: the same queue in one step is silent in both modes", "[checks]") {
  const ravel::body body = [](ravel::trial& trial) { check_operations(trial, clean_operations, of_sixteen<false>()); };
  const ravel::report report = explored(body);
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
  CHECK(ravel::stress({.name = "table", .rounds = 200, .round_limit = 60}, body).verdict == ravel::verdict::clean);
}

TEST_CASE("check_operations: each trial draws another program, the same one for the same seed", "[checks]") {
  const auto programs = [](std::uint64_t seed) {
    // Not isolated, so that what the trials do can be looked at.
    auto all = std::make_shared<std::vector<std::string>>();
    static_cast<void>(ravel::explore(
        {.name = "table", .executions = 20, .seed = seed, .isolation = ravel::isolation::none},
        [&](ravel::trial& trial) {
          std::string program;
          struct noted {
            std::string* into;
            int put(int value) { return *into += std::to_string(value), value; }
          };
          check_operations(trial, ravel::operations<noted>(ravel::op("put", &noted::put, ravel::ints(0, 9))),
                           {.threads = 1, .make = [&] { return noted{&program}; }, .is_judged = false});
          all->push_back(program);
        }));
    return *all;
  };
  const std::vector<std::string> one = programs(1);
  REQUIRE(one.size() == 20);
  CHECK(std::ranges::any_of(one, [&](const std::string& program) { return program != one.front(); }));
  CHECK(programs(1) == one);
  CHECK(programs(2) != one);
}

TEST_CASE("check_operations: what is not allowed is not called", "[checks]") {
  struct single {
    std::thread::id putter;
    bool put(int /*value*/) { return true; }
    bool take() { return true; }
  };
  const ravel::report report = explored(
      [](ravel::trial& trial) {
        struct roles {
          std::mutex mutex;
          std::thread::id putter, taker;
          bool put(int) { return is_only(putter); }
          bool take() { return is_only(taker); }
          bool is_only(std::thread::id& who) {
            const std::lock_guard lock(mutex);
            if (who == std::thread::id()) who = std::this_thread::get_id();
            return who == std::this_thread::get_id();
          }
        };
        check_operations(
            trial,
            ravel::operations<roles>(ravel::op("put", &roles::put, ravel::ints(1, 9)), ravel::op("take", &roles::take)),
            {.threads = 2,
             .allowed =
                 [](const ravel::checks::planned_call& one) {
                   return one.name == (one.thread == 0 ? "put" : "take") && one.before.size() < 3;
                 },
             .invariant = [](roles& all) { return all.putter != all.taker; }});
      },
      200);
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
}

TEST_CASE("check_operations: set_up comes before the threads, on the model, too", "[checks]") {
  const ravel::report report = explored(
      [](ravel::trial& trial) {
        auto options = of_sixteen<false>();
        options.set_up = [](queue<false>& one) {
          one.put(7);
          one.put(8);
        };
        options.finally = [](ravel::trial& of, queue<false>& one) {
          of.require(one.size() >= 1, "one is left of the two");
        };
        options.program = {{"take()"}, {"size()"}};
        check_operations(trial, clean_operations, options);
      },
      200);
  INFO(ravel::to_text(report));
  CHECK(report.verdict == ravel::verdict::clean);
}

TEST_CASE("check_operations: an invariant that breaks is found, with its program", "[checks]") {
  struct account {
    std::mutex mutex;
    int balance = 10;
    int look() {
      const std::lock_guard lock(mutex);
      return balance;
    }
    void withdraw(int amount) {
      if (look() < amount) return;
      const std::lock_guard lock(mutex);
      balance -= amount;
    }
    void pay(int amount) {
      const std::lock_guard lock(mutex);
      balance += amount;
    }
  };
  const ravel::report report = explored([](ravel::trial& trial) {
    check_operations(trial,
                     ravel::operations<account>(ravel::op("withdraw", &account::withdraw, ravel::ints(1, 8)),
                                                ravel::op("pay", &account::pay, ravel::ints(1, 3))),
                     {.invariant = [](account& one) { return one.balance >= 0; }, .is_judged = false});
  });
  INFO(ravel::to_text(report));
  const ravel::finding* found = first(report, finding_kind::invariant);
  REQUIRE(found != nullptr);
  const std::string test = note_with(*found, ".program");
  REQUIRE(test != "");
  const std::string program = test.substr(test.find(".program"));
  CHECK(program.find("withdraw(") != program.rfind("withdraw("));
  CHECK(program.find("pay(") == std::string::npos);
  CHECK(calls_in(program) <= 3);
}

namespace {

struct money {
  int cents;
  bool operator==(const money&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const money& one) { return out << one.cents << " cents"; }
};

// Cannot be read as it is shown.
struct amounts {
  using value_type = money;
  [[nodiscard]] money draw(ravel::choices& from) const { return {static_cast<int>(from.below(50)) * 2}; }
  void encode(const money& one, ravel::chosen_numbers& chosen) const {
    chosen.push_back(static_cast<std::uint64_t>(one.cents / 2));
  }
  void print(const money& one, std::ostream& out) const { out << one; }
};

struct purse {
  int cents = 0;
  int add(money one) { return cents += one.cents; }  // a race, and an update that can be lost
};

}  // namespace

TEST_CASE("check_operations: a domain of one's own is written as what it was drawn from", "[checks]") {
  const auto table = ravel::operations<purse>(ravel::op("add", &purse::add, amounts{}));
  const auto run = [&](std::vector<std::vector<std::string>> program) {
    return explored(
        [&](ravel::trial& trial) {
          check_operations(trial, table,
                           {.threads = 1, .invariant = [](purse& one) { return one.cents == 10; }, .program = program});
        },
        20);
  };
  CHECK(run({{"add(<5 : 10 cents>)"}}).verdict == ravel::verdict::clean);
  const ravel::report report = run({{"add(<6 : 12 cents>)"}});
  const ravel::finding* found = first(report, finding_kind::invariant);
  REQUIRE(found != nullptr);
  INFO(ravel::to_text(report));
  CHECK(note_with(*found, ".program").find("add(<6 : 12 cents>)") != std::string::npos);
}

TEST_CASE("check_operations: what is impossible is refused with what to write", "[checks]") {
  const auto refusal = [](auto change) {
    const ravel::report report = explored(
        [&](ravel::trial& trial) {
          auto options = of_sixteen<false>();
          change(options);
          check_operations(trial, clean_operations, options);
        },
        1);
    CHECK(report.verdict == ravel::verdict::misused);
    return ravel::to_text(report);
  };
  CHECK(refusal([](auto& options) { options.threads = 0; }).find("threads = 0: write 1 to 64") != std::string::npos);
  CHECK(refusal([](auto& options) { options.calls = 0; }).find("calls = 0: write how many") != std::string::npos);
  CHECK(refusal([](auto& options) { options.make = {}; }).find("cannot be made without arguments") !=
        std::string::npos);
  CHECK(refusal([](auto& options) { options.program = {{"put(12)"}}; }).find("is no call of the table") !=
        std::string::npos);
  CHECK(refusal([](auto& options) { options.program = {{"push(1)"}}; }).find("The table has put, take, size") !=
        std::string::npos);
  CHECK(refusal([](auto& options) {
          options.allowed = [](const ravel::checks::planned_call&) { return false; };
        }).find(".allowed refused every call") != std::string::npos);
}
