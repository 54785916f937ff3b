// SPDX-License-Identifier: MIT
// Domains: values stay inside, can be turned back into what they were drawn from, and are read as they are shown.
#include "catch.hpp"

#include <ravel/domains.hpp>
#include <ravel/operations.hpp>
#include <ravel/usage_error.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

class random_choices final : public ravel::choices {
 public:
  explicit random_choices(std::uint64_t seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t count) override { return count == 0 ? random_() : random_() % count; }

 private:
  std::mt19937_64 random_;
};

class given_choices final : public ravel::choices {
 public:
  explicit given_choices(const ravel::chosen_numbers& all) : all_(all) {}
  std::uint64_t below(std::uint64_t count) override {
    REQUIRE(next_ < all_.size());
    REQUIRE((count == 0 || all_[next_] < count));
    return all_[next_++];
  }
  [[nodiscard]] bool is_used_up() const { return next_ == all_.size(); }

 private:
  const ravel::chosen_numbers& all_;
  std::size_t next_ = 0;
};

template <class Domain>
std::string shown(const Domain& domain, const typename Domain::value_type& value) {
  std::ostringstream out;
  domain.print(value, out);
  return out.str();
}

// Drawn, encoded, drawn again from that; shown, and read again from that.
template <class Domain, class Check>
void goes_round(const Domain& domain, const Check& is_inside) {
  static_assert(ravel::readable_domain<Domain>);
  random_choices from(7);
  for (int i = 0; i < 2'000; ++i) {
    const typename Domain::value_type value = domain.draw(from);
    REQUIRE(is_inside(value));
    ravel::chosen_numbers chosen;
    domain.encode(value, chosen);
    given_choices again(chosen);
    REQUIRE(domain.draw(again) == value);
    REQUIRE(again.is_used_up());
    const std::string words = shown(domain, value) + " and more";
    std::string_view text = words;
    const std::optional<typename Domain::value_type> read = domain.read(text);
    INFO(words);
    REQUIRE(read.has_value());
    REQUIRE(*read == value);
    REQUIRE(text == " and more");
  }
}

enum class color : std::uint8_t { red = 3, green = 9 };

constexpr auto anything = [](const auto&) { return true; };

}  // namespace

TEST_CASE("domains: values go round through choices and through text", "[harness]") {
  goes_round(ravel::ints(-3, 4), [](int value) { return value >= -3 && value <= 4; });
  goes_round(ravel::ints(std::uint8_t{250}, std::uint8_t{255}), [](int value) { return value >= 250; });
  goes_round(ravel::ints(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()), anything);
  goes_round(ravel::ints(std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()), anything);
  goes_round(ravel::reals(-1.5, 2.5), [](double value) { return value >= -1.5 && value <= 2.5; });
  goes_round(ravel::reals(0, 1), [](double value) { return value >= 0 && value <= 1; });
  goes_round(ravel::any_value<bool>(), anything);
  goes_round(ravel::any_value<int>(), anything);
  goes_round(ravel::any_value<std::int64_t>(), anything);
  goes_round(ravel::any_value<unsigned char>(), anything);
  goes_round(ravel::any_value<double>(), [](double value) { return value == value; });
  goes_round(ravel::any_value<std::string>(), [](const std::string& value) { return value.size() <= 16; });
  goes_round(ravel::any_value<std::vector<int>>(), [](const auto& value) { return value.size() <= 4; });
  goes_round(ravel::any_value<std::optional<int>>(), anything);
  goes_round(ravel::one_of("red", "gr\"een\\\n", ""), anything);
  goes_round(ravel::one_of(2, 3, 5), [](int value) { return value == 2 || value == 3 || value == 5; });
  goes_round(ravel::one_of(color::red, color::green), anything);
  goes_round(ravel::text(5), [](const std::string& value) { return value.size() <= 5; });
  goes_round(ravel::list_of(ravel::text(2), 3), [](const auto& value) { return value.size() <= 3; });
  goes_round(ravel::maybe(ravel::list_of(ravel::ints(0, 1), 2)), anything);
}

TEST_CASE("domains: all values of a small range come, and the ends of a large one", "[harness]") {
  random_choices from(1);
  std::set<int> small;
  std::set<std::int64_t> large;
  std::set<std::size_t> lengths;
  for (int i = 0; i < 1'000; ++i) {
    small.insert(ravel::ints(0, 4).draw(from));
    large.insert(ravel::any_value<std::int64_t>().draw(from));
    lengths.insert(ravel::text(3).draw(from).size());
  }
  CHECK(small == std::set<int>{0, 1, 2, 3, 4});
  CHECK(large.contains(std::numeric_limits<std::int64_t>::min()));
  CHECK(large.contains(std::numeric_limits<std::int64_t>::max()));
  CHECK(large.contains(0));
  CHECK(lengths.size() == 4);
}

TEST_CASE("domains: what is none of them is not read, and the text stays", "[harness]") {
  const auto is_refused = [](const auto& domain, std::string_view text) {
    const std::string_view whole = text;
    return !domain.read(text).has_value() && text == whole;
  };
  CHECK(is_refused(ravel::ints(0, 4), "5"));
  CHECK(is_refused(ravel::ints(0, 4), "-1"));
  CHECK(is_refused(ravel::ints(0, 4), "99999999999999999999"));
  CHECK(is_refused(ravel::ints(0, 4), "four"));
  CHECK(is_refused(ravel::one_of(2, 3), "4"));
  CHECK(is_refused(ravel::text(4), "\"no end"));
  CHECK(is_refused(ravel::list_of(ravel::ints(0, 1), 2), "{0, 7}"));
  CHECK(is_refused(ravel::list_of(ravel::ints(0, 1), 2), "{0"));
  CHECK(is_refused(ravel::any_value<bool>(), "maybe"));
}

TEST_CASE("domains: an empty range is refused", "[harness]") {
  CHECK_THROWS_AS(ravel::ints(4, 3), ravel::usage_error);
  CHECK_THROWS_AS(ravel::reals(1.0, 0.5), ravel::usage_error);
  random_choices from(1);
  CHECK_THROWS_AS(from.pick(2, 1), ravel::usage_error);
}

TEST_CASE("operations: a table holds names, weights, functions and domains", "[harness]") {
  struct counter {
    int value = 0;
    int add(int by) { return value += by; }
  };
  const auto table = ravel::operations<counter>(ravel::op("add", &counter::add, ravel::ints(1, 9)).weight(3),
                                                ravel::op("value", [](const counter& one) { return one.value; }));
  CHECK(std::get<0>(table.all()).name() == "add");
  CHECK(std::get<0>(table.all()).weight() == 3);
  CHECK(std::get<1>(table.all()).weight() == 1);
  counter one;
  CHECK((one.*std::get<0>(table.all()).function())(4) == 4);
}
