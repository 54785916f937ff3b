// SPDX-License-Identifier: MIT
// The search for an order, against an oracle that tries all of them, and on histories with a known answer.
#include "catch.hpp"
#include "linearizable_oracle.hpp"

#include <ravel/checks/check_history.hpp>
#include <ravel/checks/models.hpp>

#include <memory>
#include <string>

using namespace ravel::checks;

namespace {

judgement judge(oracle::kind of, const history& given, const check_options& options) {
  switch (of) {
    case oracle::kind::reg: return check_history(given, register_model{}, options);
    case oracle::kind::counter: return check_history(given, counter_model{}, options);
    case oracle::kind::map: return check_history(given, map_model{}, options);
    case oracle::kind::set: return check_history(given, set_model{}, options);
    case oracle::kind::fifo: return check_history(given, fifo_model{}, options);
    case oracle::kind::lifo: return check_history(given, lifo_model{}, options);
    case oracle::kind::smallest_first: return check_history(given, smallest_first_model{}, options);
    case oracle::kind::mutex: return check_history(given, mutex_model{}, options);
    case oracle::kind::semaphore: break;
  }
  return check_history(given, semaphore_model{.count = 2}, options);
}

void add(history& to, const char* thread, std::uint64_t invoked, std::uint64_t returned, const char* operation,
         value argument, value result) {
  call one;
  one.thread = to.thread_named(thread);
  one.operation = to.operation_named(operation);
  one.invoked = invoked;
  one.returned = returned;
  one.argument_count = argument.is_nothing() ? 0 : 1;
  one.argument[0] = argument;
  one.result = result;
  to.calls.push_back(one);
}
value number(std::int64_t n) { return value::of(n); }

}  // namespace

TEST_CASE("linearizable search: says what all orders say, on 18,000 small random histories", "[checks]") {
  std::mt19937_64 rng(12);
  int failing = 0, pending = 0, thrown = 0;
  for (int i = 0; i < 18'000; ++i) {
    const oracle::kind of = oracle::kinds[i % std::size(oracle::kinds)];
    history given = oracle::random_history(of, rng);
    const bool is_right = oracle::is_linearizable(of, given);
    failing += is_right ? 0 : 1;
    pending += std::ranges::any_of(given.calls, &call::is_pending) ? 1 : 0;
    thrown += std::ranges::any_of(given.calls, [](const call& one) { return one.result.is_thrown(); }) ? 1 : 0;
    check_options options;
    options.is_partitioned = i % 2 == 0;
    options.remembers = i % 3 != 0;
    const judgement found = judge(of, given, options);
    std::string all;
    for (const call& one : given.calls)
      all += given.threads[one.thread] + " " + std::to_string(one.invoked) + "-" +
             (one.is_pending() ? "" : std::to_string(one.returned)) + " " + given.words_for(one) + " -> " +
             given.words_for(one.result) + "\n";
    INFO("history " << i << " of kind " << static_cast<int>(of) << "\n" << all);
    REQUIRE(found.answer == (is_right ? answer::holds : answer::fails));
    if (!is_right) REQUIRE_FALSE(found.misfits.empty());
  }
  CHECK(failing >= 6'000);
  CHECK(pending >= 5'000);
  CHECK(thrown >= 500);
}

TEST_CASE("linearizable search: the order it gives is one, and the longest beginning is named", "[checks]") {
  history given;
  add(given, "a", 1, 4, "put", number(1), {});
  add(given, "b", 2, 5, "put", number(2), {});
  add(given, "a", 6, 9, "take", {}, number(2));
  add(given, "b", 10, 11, "take", {}, number(1));
  judgement found = check_history(given, fifo_model{});
  REQUIRE(found.answer == answer::holds);
  CHECK(found.order == std::vector<std::uint32_t>{1, 0, 2, 3});

  given.calls[3].result = number(2);
  found = check_history(given, fifo_model{});
  REQUIRE(found.answer == answer::fails);
  CHECK(found.order.size() == 3);
  REQUIRE(found.misfits.size() == 1);
  CHECK(found.misfits[0].call == 3);
  CHECK(found.misfits[0].right_result == "1");
}

TEST_CASE("linearizable search: weaker conditions allow what each is for", "[checks]") {
  history stale;  // b reads what a has overwritten long ago
  add(stale, "a", 1, 2, "write", number(1), {});
  add(stale, "b", 3, 4, "read", {}, number(0));
  CHECK(check_history(stale, register_model{}).answer == answer::fails);
  CHECK(check_history(stale, register_model{}, {.condition = condition::sequential}).answer == answer::holds);
  CHECK(check_history(stale, register_model{}, {.condition = condition::quiescent}).answer == answer::fails);

  history busy;  // the same, while somebody else is at work all the time; and a sees its own calls out of order
  add(busy, "c", 0, 9, "read", {}, number(0));
  add(busy, "a", 1, 2, "write", number(1), {});
  add(busy, "a", 3, 4, "read", {}, number(0));
  CHECK(check_history(busy, register_model{}).answer == answer::fails);
  CHECK(check_history(busy, register_model{}, {.condition = condition::sequential}).answer == answer::fails);
  CHECK(check_history(busy, register_model{}, {.condition = condition::quiescent}).answer == answer::holds);
}

TEST_CASE("linearizable search: calls closer than the margin count as concurrent, a thread's own never", "[checks]") {
  history close;
  add(close, "a", 100, 110, "write", number(1), {});
  add(close, "b", 115, 120, "read", {}, number(0));
  CHECK(check_history(close, register_model{}).answer == answer::fails);
  close.margin = 10;
  CHECK(check_history(close, register_model{}).answer == answer::holds);
  add(close, "a", 112, 113, "read", {}, number(0));
  CHECK(check_history(close, register_model{}).answer == answer::fails);
}

TEST_CASE("linearizable search: a model that can only be moved is replayed", "[checks]") {
  struct boxed {
    std::unique_ptr<std::int64_t> now = std::make_unique<std::int64_t>(0);
    bool step(const call_view& call) {
      if (call.is("get")) return call.gave(value::of(*now));
      *now += call.argument(0).bits;
      return true;
    }
  };
  history given;
  add(given, "a", 1, 9, "add", number(1), {});
  add(given, "b", 2, 8, "add", number(5), {});
  add(given, "c", 3, 7, "get", {}, number(5));
  CHECK(check_history(given, [] { return boxed{}; }).answer == answer::holds);
  given.calls[2].result = number(4);
  CHECK(check_history(given, [] { return boxed{}; }).answer == answer::fails);
}

TEST_CASE("linearizable search: states with hash and equality are known again", "[checks]") {
  struct total {
    std::int64_t now = 0;
    bool step(const call_view& call) {
      if (call.is("get")) return call.gave(value::of(now));
      now += call.argument(0).bits;
      return true;
    }
    [[nodiscard]] std::uint64_t hash() const { return static_cast<std::uint64_t>(now % 2); }
    bool operator==(const total&) const = default;
  };
  history given;
  for (std::uint64_t i = 0; i < 10; ++i)
    add(given, ("a" + std::to_string(i)).c_str(), i, 100, "add", number(1 << i), {});
  add(given, "b", 101, 102, "get", {}, number(7));
  judgement found = check_history(given, total{});
  CHECK(found.answer == answer::fails);
  CHECK(found.steps < 20'000);  // 2^10 situations, not 10! orders
  CHECK(found.order.size() == 10);
}

TEST_CASE("linearizable search: what the budget does not allow is undecided", "[checks]") {
  history given;
  for (std::uint64_t i = 0; i < 16; ++i)
    add(given, ("a" + std::to_string(i)).c_str(), i, 100, "put", number(static_cast<std::int64_t>(i)), {});
  add(given, "b", 101, 102, "take", {}, number(99));
  check_options options;
  options.budget.steps = 1'000;
  judgement found = check_history(given, lifo_model{}, options);
  CHECK(found.answer == answer::undecided);
  CHECK(found.reason.find("1000 steps") != std::string::npos);
  options.budget.steps = ~std::uint64_t{0};
  options.budget.bytes = 1 << 20;
  found = check_history(given, lifo_model{}, options);
  CHECK(found.answer == answer::undecided);
  CHECK(found.bytes <= options.budget.bytes);
  CHECK(found.reason.find("memory") != std::string::npos);
}

TEST_CASE("linearizable search: a history that cannot have happened is refused", "[checks]") {
  history given;
  add(given, "a", 5, 9, "write", number(1), {});
  add(given, "a", 7, 10, "read", {}, number(1));
  CHECK_THROWS_AS(check_history(given, register_model{}), std::invalid_argument);
}

TEST_CASE("linearizable search: to put again what is there already is not for nothing", "[checks]") {
  history given;
  add(given, "a", 1, 2, "write", number(613), {});
  add(given, "a", 3, 9, "write", number(613), {});
  add(given, "b", 4, 8, "write", number(453), {});
  add(given, "a", 10, 11, "read", {}, number(613));
  CHECK(check_history(given, register_model{}).answer == answer::holds);
}
