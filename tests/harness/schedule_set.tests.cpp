// SPDX-License-Identifier: MIT
// The set of schedules seen counts each once, however many there are, and says when it is full.
#include "catch.hpp"

#include "base/random.hpp"
#include "modes/explore/schedule_set.hpp"

#include <cstdint>
#include <memory>

namespace {

using ravel::detail::schedule_set;

std::unique_ptr<schedule_set> empty_set() { return std::make_unique<schedule_set>(); }

// As many different numbers as are asked for, the same each time.
bool add_all(schedule_set& set, std::uint64_t count, bool are_new) {
  std::uint64_t state = 1;
  bool is_right = true;
  for (std::uint64_t i = 0; i < count; ++i) is_right = set.add(ravel::detail::splitmix(state)) == are_new && is_right;
  return is_right;
}

}  // namespace

TEST_CASE("schedule_set: each is new once, also while the table grows", "[harness]") {
  const auto set = empty_set();
  CHECK(add_all(*set, 100'000, true));
  CHECK(add_all(*set, 100'000, false));
  CHECK_FALSE(set->is_full());
}

TEST_CASE("schedule_set: none is a hash like any other", "[harness]") {
  const auto set = empty_set();
  CHECK(set->add(0));
  CHECK_FALSE(set->add(0));
}

TEST_CASE("schedule_set: a full one counts no more, and says so", "[harness]") {
  constexpr std::uint64_t most = (std::uint64_t{1} << 21) / 4 * 3;
  const auto set = empty_set();
  CHECK(add_all(*set, most, true));
  CHECK(add_all(*set, most, false));
  CHECK_FALSE(set->is_full());
  CHECK_FALSE(set->add(12345));
  CHECK(set->is_full());
}
