// SPDX-License-Identifier: MIT
// Minimisation against made-up findings: what is needed stays, all else goes, and the budget is kept.
#include "catch.hpp"

#include "modes/explore/minimise.hpp"
#include "strategy/scripted.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

using ravel::detail::decision_kind;
using ravel::detail::minimised;
using ravel::detail::scripted_switch;

namespace {

using script = std::vector<scripted_switch>;

script script_of(std::size_t count) {
  script all;
  for (std::uint64_t i = 0; i < count; ++i) all.push_back({1, i, 2, decision_kind::at_point});
  return all;
}

bool has(const script& in, std::uint64_t event) {
  return std::ranges::any_of(in, [&](const scripted_switch& one) { return one.event == event; });
}

}  // namespace

TEST_CASE("minimise: any three of a hundred switches are what is left", "[harness]") {
  std::mt19937 random(5);
  for (int round = 0; round < 50; ++round) {
    const std::uint64_t a = random() % 100, b = random() % 100, c = random() % 100;
    unsigned calls = 0;
    const script left = minimised(
        script_of(100),
        [&](const script& smaller) {
          ++calls;
          return has(smaller, a) && has(smaller, b) && has(smaller, c);
        },
        [] { return true; });
    CHECK(left.size() == (a == b && b == c ? 1u : a == b || b == c || a == c ? 2u : 3u));
    CHECK((has(left, a) && has(left, b) && has(left, c)));
    CHECK(std::ranges::is_sorted(left, {}, &scripted_switch::event));
    CHECK(calls < 200);
  }
}

TEST_CASE("minimise: what shows anyway needs no switch", "[harness]") {
  CHECK(minimised(script_of(40), [](const script&) { return true; }, [] { return true; }).empty());
}

TEST_CASE("minimise: what needs every switch keeps them", "[harness]") {
  const script left =
      minimised(script_of(9), [](const script& smaller) { return smaller.size() == 9; }, [] { return true; });
  CHECK(left == script_of(9));
}

TEST_CASE("minimise: no single switch can be left out at the end, where several smallest scripts exist", "[harness]") {
  // Shows with two even ones, or with one that is a multiple of seven and one of eleven.
  const auto shows = [](const script& smaller) {
    const auto count = [&](std::uint64_t of) {
      return std::ranges::count_if(smaller, [&](const scripted_switch& one) { return one.event % of == 0; });
    };
    return count(2) >= 2 || (count(7) >= 1 && count(11) >= 1);
  };
  const script left = minimised(script_of(64), shows, [] { return true; });
  CHECK(shows(left));
  for (std::size_t i = 0; i < left.size(); ++i) {
    script smaller = left;
    smaller.erase(smaller.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK_FALSE(shows(smaller));
  }
}

TEST_CASE("minimise: when the budget ends, what is left so far still shows it", "[harness]") {
  for (unsigned budget = 0; budget < 30; ++budget) {
    unsigned used = 0;
    const auto shows = [](const script& smaller) { return has(smaller, 3) && has(smaller, 77); };
    const script left = minimised(script_of(100), shows, [&] { return used++ < budget; });
    CHECK(shows(left));
    CHECK(used <= budget + 1);
  }
}
