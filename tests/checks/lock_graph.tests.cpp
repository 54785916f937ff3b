// SPDX-License-Identifier: MIT
// The pure lock graph: twenty cases with the right answers, what keeps cycles apart, the cap, and a naive
// oracle on random tuples.
#include "lock_cases.hpp"

#include "catch.hpp"
#include "lock_order/lock_graph.hpp"
#include "locks/class_graph.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

using ravel::lock_mode;
using ravel::checks::lock_graph;
using ravel::checks::obstacle;

namespace {

// Events to tuples, plainly. Clocks are kept as maps, numbered in order of appearance.
class feeder {
 public:
  feeder()
      : graph([this](std::uint32_t a, std::uint32_t b) {
          const auto& [one, first] = moments_.at(a);
          const auto& [other, second] = moments_.at(b);
          return at(first, other) < at(second, other) && at(second, one) < at(first, one);
        }) {}

  void feed(const lock_cases::events& events) {
    for (const lock_cases::event& event : events) feed(event);
  }

  lock_graph graph;

 private:
  using clock = std::map<int, int>;
  static int at(const clock& clock, int thread) {
    const auto found = clock.find(thread);
    return found == clock.end() ? 0 : found->second;
  }
  clock& clock_of(int thread) { return clocks_.try_emplace(thread, clock{{thread, 1}}).first->second; }
  std::uint32_t number(char lock) {
    const auto key = std::make_pair(lock, generations_[lock]);
    return numbers_.try_emplace(key, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }

  void feed(const lock_cases::event& event) {
    using what = lock_cases::event::what;
    std::vector<lock_graph::held_item>& held = held_[event.thread];
    switch (event.does) {
      case what::fork: {
        const clock parent = clock_of(event.thread);
        for (const auto& [thread, value] : parent) clock_of(event.other)[thread] = value;
        clock_of(event.other)[event.other] = 1;
        ++clock_of(event.thread)[event.thread];
        break;
      }
      case what::join:
        for (const auto& [thread, value] : clock_of(event.other))
          clock_of(event.thread)[thread] = std::max(clock_of(event.thread)[thread], value);
        ++clock_of(event.thread)[event.thread];
        break;
      case what::acquire: acquire(event.thread, number(event.locks[0]), event.mode, event.is_attempt, held); break;
      case what::group: {
        const auto before = held;
        auto all = held;
        for (const char lock : event.locks) {
          auto alone = before;
          acquire(event.thread, number(lock), event.mode, false, alone);
          all.push_back(alone.back());
        }
        held = all;
        break;
      }
      case what::release:
        for (std::size_t i = held.size(); i-- != 0;)
          if (held[i].lock == number(event.locks[0])) {
            held.erase(held.begin() + static_cast<std::ptrdiff_t>(i));
            break;
          }
        break;
      case what::end_of_lock: ++generations_[event.locks[0]]; break;
    }
  }

  void acquire(int thread, std::uint32_t lock, lock_mode mode, bool is_attempt,
               std::vector<lock_graph::held_item>& held) {
    const bool is_again = std::ranges::any_of(held, [&](const auto& item) { return item.lock == lock; });
    if (!held.empty() && !is_attempt && !is_again) {
      moments_.emplace_back(thread, clock_of(thread));
      graph.add({static_cast<std::uint32_t>(thread), static_cast<std::uint32_t>(moments_.size() - 1), lock, mode, false,
                 held});
    }
    held.push_back({lock, mode});
  }

  std::map<int, clock> clocks_;
  std::map<int, std::vector<lock_graph::held_item>> held_;
  std::map<char, int> generations_;
  std::map<std::pair<char, int>, std::uint32_t> numbers_;
  std::vector<std::pair<int, clock>> moments_;
};

bool has_feasible(lock_graph& graph) {
  return std::ranges::any_of(graph.cycles(), [](const auto& cycle) { return cycle.is_feasible(); });
}

lock_graph::tuple tuple(std::uint32_t thread, std::vector<std::uint32_t> held, std::uint32_t wanted) {
  lock_graph::tuple made{thread, thread, wanted, lock_mode::exclusive, false, {}};
  for (const std::uint32_t lock : held) made.held.push_back({lock, lock_mode::exclusive});
  return made;
}

bool always(std::uint32_t, std::uint32_t) { return true; }
bool never(std::uint32_t, std::uint32_t) { return false; }

// Every sequence of distinct tuples up to length 4, straight from the definition.
struct oracle {
  const lock_graph& graph;
  bool (*is_concurrent)(std::uint32_t, std::uint32_t);

  static bool clash(lock_mode a, lock_mode b) { return a == lock_mode::exclusive || b == lock_mode::exclusive; }
  bool waits_for(std::uint32_t a, std::uint32_t b) const {
    return std::ranges::any_of(graph.at(b).held, [&](const auto& item) {
      return item.lock == graph.at(a).wanted && clash(item.mode, graph.at(a).mode);
    });
  }
  bool can_meet(std::uint32_t a, std::uint32_t b) const {
    if (graph.at(a).thread == graph.at(b).thread || !is_concurrent(graph.at(a).clock, graph.at(b).clock)) return false;
    for (const auto& mine : graph.at(a).held)
      for (const auto& theirs : graph.at(b).held)
        if (mine.lock == theirs.lock && clash(mine.mode, theirs.mode)) return false;
    return true;
  }
  bool is_deadlock(const std::vector<std::uint32_t>& chain) const {
    for (std::size_t i = 0; i < chain.size(); ++i) {
      if (!waits_for(chain[i], chain[(i + 1) % chain.size()])) return false;
      for (std::size_t k = i + 1; k < chain.size(); ++k)
        if (!can_meet(chain[i], chain[k])) return false;
    }
    return true;
  }
  bool finds(std::vector<std::uint32_t> chain = {}) const {
    if (chain.size() >= 2 && is_deadlock(chain)) return true;
    for (std::uint32_t next = 0; next < graph.size(); ++next) {
      if (!std::ranges::all_of(chain, [&](std::uint32_t member) { return can_meet(member, next); })) continue;
      chain.push_back(next);
      if (finds(chain)) return true;
      chain.pop_back();
    }
    return false;
  }
};

bool odd_and_even(std::uint32_t a, std::uint32_t b) { return (a + b) % 3 != 0; }

}  // namespace

TEST_CASE("lock graph: the twenty cases have the right answers", "[checks]") {
  for (const lock_cases::test_case& one : lock_cases::all()) {
    feeder feeder;
    feeder.feed(one.happening);
    INFO(one.name);
    CHECK(has_feasible(feeder.graph) == one.can_deadlock);
  }
}

TEST_CASE("lock graph: what keeps a cycle apart is named", "[checks]") {
  lock_graph guarded(always);
  guarded.add(tuple(1, {7, 0}, 1));
  guarded.add(tuple(2, {7, 1}, 0));
  REQUIRE(guarded.cycles().size() == 1);
  CHECK(guarded.cycles()[0].kept_apart_by == obstacle::guard);
  CHECK(guarded.cycles()[0].guard == 7);

  lock_graph ordered(never);
  ordered.add(tuple(1, {0}, 1));
  ordered.add(tuple(2, {1}, 0));
  REQUIRE(ordered.cycles().size() == 1);
  CHECK(ordered.cycles()[0].kept_apart_by == obstacle::ordered);

  lock_graph single(always);
  single.add(tuple(1, {0}, 1));
  single.add(tuple(1, {1}, 0));
  REQUIRE(single.cycles().size() == 1);
  CHECK(single.cycles()[0].kept_apart_by == obstacle::single_thread);

  lock_graph timed(always);
  timed.add(tuple(1, {0}, 1));
  lock_graph::tuple limited = tuple(2, {1}, 0);
  limited.is_timed = true;
  timed.add(limited);
  REQUIRE(timed.cycles().size() == 1);
  CHECK(timed.cycles()[0].kept_apart_by == obstacle::time_limit);
}

TEST_CASE("lock graph: classes make one cycle of many equal ones", "[checks]") {
  lock_graph graph(always);
  for (std::uint32_t i = 0; i < 20; ++i) {
    graph.add(tuple(2 * i, {100 + 2 * i}, 101 + 2 * i));
    graph.add(tuple(2 * i + 1, {101 + 2 * i}, 100 + 2 * i));
    graph.set_class(100 + 2 * i, 1001);
    graph.set_class(101 + 2 * i, 1002);
  }
  CHECK(graph.cycles().size() == 1);
  CHECK(graph.cycles()[0].is_feasible());
}

TEST_CASE("lock graph: a search that was cut short says so", "[checks]") {
  lock_graph graph(always);
  for (std::uint32_t i = 0; i < 200; ++i)
    for (std::uint32_t k = 0; k < 5; ++k) graph.add(tuple(1, {i}, (i + k + 1) % 200));
  static_cast<void>(graph.cycles(100));
  CHECK(graph.was_capped());
  lock_graph small(always);
  small.add(tuple(1, {0}, 1));
  static_cast<void>(small.cycles());
  CHECK_FALSE(small.was_capped());
}

TEST_CASE("lock graph: a circle of any length is found, alone and among others", "[checks]") {
  for (const std::uint32_t length : {2u, 4u, 5u, 8u, 13u, 40u}) {
    INFO(length);
    lock_graph alone(always);
    for (std::uint32_t i = 0; i < length; ++i) alone.add(tuple(i, {i}, (i + 1) % length));
    REQUIRE(alone.cycles().size() == 1);
    CHECK(alone.cycles()[0].tuples.size() == length);
    CHECK(alone.cycles()[0].is_feasible());
    CHECK_FALSE(alone.was_capped());
    // One step of it is nested the other way round, too: the shorter circle is told, and the long one beside it.
    lock_graph both(always);
    for (std::uint32_t i = 0; i < length; ++i) both.add(tuple(i, {i}, (i + 1) % length));
    both.add(tuple(100, {1}, 0));
    const auto cycles = both.cycles();
    CHECK(cycles.size() == (length == 2 ? 1 : 2));
    CHECK(cycles.front().tuples.size() == 2);
    CHECK(cycles.back().tuples.size() == length);
  }
}

TEST_CASE("lock graph: a long circle is no circle when a guard is held, or one thread takes two of its steps",
          "[checks]") {
  constexpr std::uint32_t length = 7;
  lock_graph guarded(always), shared(always);
  for (std::uint32_t i = 0; i < length; ++i) {
    guarded.add(i % 3 == 0 ? tuple(i, {90, i}, (i + 1) % length) : tuple(i, {i}, (i + 1) % length));
    shared.add(tuple(i == length - 1 ? 0 : i, {i}, (i + 1) % length));
  }
  for (const auto& cycle : guarded.cycles()) CHECK(cycle.kept_apart_by == obstacle::guard);
  for (const auto& cycle : shared.cycles()) CHECK(cycle.kept_apart_by == obstacle::single_thread);
}

TEST_CASE("lock graph: hundreds of held locks are no limit", "[checks]") {
  lock_graph graph(always);
  std::vector<std::uint32_t> many(1000);
  for (std::uint32_t i = 0; i < 1000; ++i) many[i] = i;
  graph.add(tuple(1, many, 5000));
  graph.add(tuple(2, {5000}, 0));
  REQUIRE(graph.cycles().size() == 1);
  CHECK(graph.cycles()[0].is_feasible());
}

TEST_CASE("lock graph: agrees with a naive oracle on random tuples", "[checks]") {
  std::mt19937 random(7);
  unsigned feasible = 0;
  for (int round = 0; round < 1500; ++round) {
    const auto is_concurrent = round % 2 == 0 ? always : odd_and_even;
    lock_graph graph(is_concurrent);
    const std::uint32_t locks = 2 + random() % 5, tuples = 2 + random() % 6;
    for (std::uint32_t i = 0; i < tuples; ++i) {
      lock_graph::tuple made{static_cast<std::uint32_t>(random() % 6),
                             static_cast<std::uint32_t>(random() % 5),
                             0,
                             lock_mode::exclusive,
                             false,
                             {}};
      std::set<std::uint32_t> used;
      made.wanted = random() % locks;
      used.insert(made.wanted);
      if (random() % 4 == 0) made.mode = lock_mode::shared;
      for (std::uint32_t k = 0, count = 1 + random() % 3; k < count; ++k) {
        const std::uint32_t lock = random() % locks;
        if (used.insert(lock).second)
          made.held.push_back({lock, random() % 4 == 0 ? lock_mode::shared : lock_mode::exclusive});
      }
      graph.add(made);
    }
    const bool expected = oracle{graph, is_concurrent}.finds();
    const auto cycles = graph.cycles();
    const bool found = std::ranges::any_of(cycles, [](const auto& cycle) { return cycle.is_feasible(); });
    feasible += expected ? 1 : 0;
    REQUIRE(found == expected);
    for (const auto& cycle : cycles)
      if (cycle.is_feasible()) REQUIRE(oracle{graph, is_concurrent}.is_deadlock(cycle.tuples));
  }
  CHECK(feasible > 200);  // else the test compares nothing
}

TEST_CASE("class graph: components as by reachability", "[checks]") {
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    const std::uint32_t size = 2 + random() % 8;
    std::vector<std::vector<std::uint32_t>> next(size);
    std::vector<std::vector<bool>> reaches(size, std::vector<bool>(size));
    for (std::uint32_t i = 0; i < size * 2; ++i) {
      const std::uint32_t from = random() % size, to = random() % size;
      next[from].push_back(to);
      reaches[from][to] = true;
    }
    for (std::uint32_t k = 0; k < size; ++k)
      for (std::uint32_t i = 0; i < size; ++i)
        for (std::uint32_t j = 0; j < size; ++j)
          if (reaches[i][k] && reaches[k][j]) reaches[i][j] = true;
    const auto component = ravel::checks::strong_components(next);
    for (std::uint32_t i = 0; i < size; ++i)
      for (std::uint32_t j = 0; j < size; ++j)
        REQUIRE((component[i] == component[j]) == (i == j || (reaches[i][j] && reaches[j][i])));
  }
}
