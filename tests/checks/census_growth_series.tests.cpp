// SPDX-License-Identifier: MIT
// Growth is told from a plateau, from a cache that fills up, and from noise; groups of things left behind fail
// only when they go on rising.
#include "catch.hpp"

#include "census/left_behind.hpp"
#include "growth/growth_series.hpp"

#include <functional>
#include <memory>
#include <random>

using ravel::checks::detail::growth_series;
using ravel::checks::detail::growth_shape;

namespace {

growth_series series_of(std::uint64_t rounds, const std::function<std::uint64_t(std::uint64_t)>& value) {
  growth_series series{};
  for (std::uint64_t round = 1; round <= rounds; ++round) series.add(round, value(round));
  return series;
}

}  // namespace

TEST_CASE("growth series: a steady rise is growth, with its slope", "[checks]") {
  for (const std::uint64_t rounds : {16u, 40u, 128u, 129u, 1000u, 10'000u}) {
    const auto growth = series_of(rounds, [](std::uint64_t round) { return 100 + 5 * round; }).judge(1);
    CHECK(growth.shape == growth_shape::growing);
    CHECK(growth.per_1000_trials() == 5000);
    CHECK(growth.first_trial == 1);
    CHECK(growth.first_value == 105);
    CHECK(growth.last_value == 100 + 5 * growth.last_trial);
    CHECK(growth.last_trial * 2 > rounds);
  }
}

TEST_CASE("growth series: too few rounds say nothing", "[checks]") {
  CHECK(series_of(0, [](std::uint64_t) { return 1; }).judge(1).shape == growth_shape::too_few);
  CHECK(series_of(15, [](std::uint64_t round) { return round; }).judge(1).shape == growth_shape::too_few);
}

TEST_CASE("growth series: plateaus, fillings and falls are steady", "[checks]") {
  const auto shape = [](std::uint64_t rounds, const std::function<std::uint64_t(std::uint64_t)>& value) {
    return series_of(rounds, value).judge(1).shape;
  };
  CHECK(shape(100, [](std::uint64_t) { return 7; }) == growth_shape::steady);
  CHECK(shape(100, [](std::uint64_t round) { return round < 20 ? round : 20; }) == growth_shape::steady);
  CHECK(shape(100, [](std::uint64_t round) { return 1000 - round; }) == growth_shape::steady);
  CHECK(shape(100, [](std::uint64_t round) { return round == 1 ? 0 : 500; }) == growth_shape::steady);
  // fills up: each round a tenth of what is missing
  CHECK(shape(200, [missing = 1000.0](std::uint64_t) mutable {
          missing *= 0.9;
          return static_cast<std::uint64_t>(1000 - missing);
        }) == growth_shape::steady);
}

TEST_CASE("growth series: a rise below the least is steady", "[checks]") {
  const growth_series series = series_of(100, [](std::uint64_t round) { return round; });
  CHECK(series.judge(1).shape == growth_shape::growing);
  CHECK(series.judge(1000).shape == growth_shape::steady);
}

TEST_CASE("growth series: a plateau is seen when most samples are of the first rounds", "[checks]") {
  growth_series series{};
  const auto value = [](std::uint64_t round) { return round < 30 ? 50 * round : 1500; };
  for (std::uint64_t round = 1; round <= 12; ++round) series.add(round, value(round));
  for (const std::uint64_t round : {20u, 27u, 60u, 100u}) series.add(round, value(round));
  CHECK(series.judge(1).shape == growth_shape::steady);
}

TEST_CASE("growth series: noise is never growth", "[checks]") {
  std::mt19937 random(11);
  for (int i = 0; i < 2000; ++i) {
    growth_series series{};
    for (std::uint64_t round = 1; round <= 16; ++round) series.add(round, random() % 1000);
    REQUIRE(series.judge(1).shape == growth_shape::steady);
  }
}

TEST_CASE("growth series: slow growth under noise shows in the long run", "[checks]") {
  std::mt19937 random(3);
  const auto value = [&](std::uint64_t round) { return 2 * round + random() % 400; };
  CHECK(series_of(32, value).judge(1).shape == growth_shape::steady);
  CHECK(series_of(3000, value).judge(1).shape == growth_shape::growing);
}

TEST_CASE("growth series: judged at 16, 32, 64 samples and each doubling of the rounds after", "[checks]") {
  growth_series series{};
  std::vector<std::uint64_t> judged;
  for (std::uint64_t round = 1; round <= 1100; ++round)
    if (series.add(round, 1)) judged.push_back(round);
  CHECK(judged == std::vector<std::uint64_t>{16, 32, 64, 128, 255, 509, 1017});
}

TEST_CASE("left behind: numbers do not tell groups apart", "[checks]") {
  ravel::fixed_text<128> text;
  text.clear();
  ravel::checks::detail::add_without_numbers(text, "/tmp/data17-2.txt pipe:[4711]");
  CHECK(std::string(text.c_str()) == "/tmp/data#-#.txt pipe:[#]");
}

TEST_CASE("left behind: one rise is retained, further ones are reported", "[checks]") {
  const auto table = std::make_unique<ravel::checks::detail::left_behind>();
  *table = {};
  unsigned reported = 0;
  const auto count = [&](std::uint64_t round, unsigned things) {
    table->start_count();
    for (unsigned i = 0; i < things; ++i) table->add(ravel::finding_kind::leak, 77, "things");
    table->compare(round, round, [&](auto&) { ++reported; });
  };
  table->start_count();
  table->add(ravel::finding_kind::leak, 77, "things");
  table->take_as_start();
  count(1, 1);
  count(2, 3);
  for (std::uint64_t round = 3; round < 50; ++round) count(round, 3);
  CHECK(reported == 0);
  count(50, 2);
  count(51, 4);
  CHECK(reported == 1);
  const auto& group = table->groups[(77 / 2) % ravel::checks::detail::left_behind::capacity];
  CHECK(group.first_trial == 2);
  CHECK(group.last_trial == 51);
  CHECK(group.most == 3);
}
