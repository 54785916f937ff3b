// SPDX-License-Identifier: MIT
// directed: brings about the chain of lock requests that it is given, and says so when something forbids it.
#include "catch.hpp"
#include "explored_body.hpp"
#include "strategy/directed.hpp"

#include <algorithm>
#include <vector>

namespace {

using ravel::detail::directed_strategy;
using ravel::detail::lock_chain;

// A lock of the model alone; place stands for the line of code.
void takes(const int& lock, std::uintptr_t place) {
  if (ravel::detail::controlled_thread* self = ravel::detail::in_control()) {
    ravel::detail::execution& execution = ravel::detail::the_execution();
    execution.take(*self, {ravel::detail::operation::lock, 0, &lock, place}, execution.object(&lock));
  }
}
void gives_back(const int& lock) {
  if (ravel::detail::controlled_thread* self = ravel::detail::in_control()) {
    ravel::detail::execution& execution = ravel::detail::the_execution();
    execution.give_up(*self, execution.object(&lock));
    execution.point(*self, {ravel::detail::operation::unlock, 0, &lock, 9});
  }
}

struct result {
  ravel::report report;
  std::uint64_t confirmed;
};

// Without the chain it is a random walk that hardly ever stops at the one place that matters.
result explore_by(const lock_chain& chain, const ravel::body& body, std::uint64_t executions) {
  ravel::explore_options options;
  options.executions = executions;
  directed_strategy* directed = nullptr;
  explored::explored_body explored(options, [&](ravel::detail::shared_arena& arena) {
    directed = arena.make<directed_strategy>();
    directed->follow(chain);
    return directed;
  });
  result result{explored.run(body), 0};
  result.confirmed = directed->confirmed();
  return result;
}

bool is_deadlock(const ravel::report& report) {
  return std::ranges::any_of(report.findings,
                             [](const ravel::finding& one) { return one.kind == ravel::finding_kind::deadlock; });
}

// Thread i takes lock i and then the next one, once, in the middle of much else; 10 + i and 20 + i are the places.
ravel::body circle(unsigned threads, bool has_guard) {
  return [=](ravel::trial& trial) {
    std::vector<int> locks(threads), own(threads);
    int guard = 0;
    trial.threads(threads, "taker", [&](ravel::worker& me) {
      const unsigned i = static_cast<unsigned>(me.index());
      for (unsigned step = 0; step < 40; ++step) explored::writes(own[i], 1, 1);
      if (has_guard) takes(guard, 2);
      takes(locks[i], 10 + i);
      takes(locks[(i + 1) % threads], 20 + i);
      gives_back(locks[(i + 1) % threads]);
      gives_back(locks[i]);
      if (has_guard) gives_back(guard);
      for (unsigned step = 0; step < 40; ++step) explored::writes(own[i], 1, 3);
    });
    trial.run();
  };
}

lock_chain chain_of(std::uint32_t length) {
  lock_chain chain{length, {}};
  for (std::uint32_t i = 0; i < length; ++i) chain.links[i] = {0, {1, {10 + i}}, {1, {20 + i}}};
  return chain;
}

}  // namespace

TEST_CASE("directed: a chain of two, three and four is confirmed in the first execution", "[harness]") {
  for (const std::uint32_t length : {2u, 3u, 4u}) {
    INFO(length << " locks");
    const result directed = explore_by(chain_of(length), circle(length, false), 1);
    CHECK(is_deadlock(directed.report));
    CHECK(directed.confirmed == 1);
  }
}

TEST_CASE("directed: without the chain the same walk does not find it", "[harness]") {
  CHECK_FALSE(is_deadlock(explore_by({}, circle(4, false), 20).report));
}

TEST_CASE("directed: a chain that a guard forbids is not confirmed, and every execution ends", "[harness]") {
  const result directed = explore_by(chain_of(3), circle(3, true), 50);
  CHECK(directed.report.verdict == ravel::verdict::clean);
  CHECK(directed.report.trials_run == 50);
  CHECK(directed.confirmed == 0);
}

TEST_CASE("directed: a link may name its thread", "[harness]") {
  lock_chain chain = chain_of(2);
  chain.links[0].thread = 4711;  // nobody
  const result directed = explore_by(chain, circle(2, true), 20);
  CHECK(directed.confirmed == 0);
  CHECK(directed.report.verdict == ravel::verdict::clean);
}
