// SPDX-License-Identifier: MIT
// Fuzz inputs: every string of bytes is one, and what is written is read again.
#include "base/random.hpp"
#include "catch.hpp"
#include "operations/input_program.hpp"

#include <ravel/fuzz_input.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

namespace {

using namespace ravel::checks::detail;
using ravel::checks::planned_call;
using bytes = std::vector<std::uint8_t>;

class random_choices final : public ravel::choices {
 public:
  explicit random_choices(std::uint64_t seed) { ravel::detail::seed_state(state_, seed); }
  std::uint64_t below(std::uint64_t count) override { return ravel::detail::scale(ravel::detail::draw(state_), count); }

 private:
  std::uint64_t state_[2];
};

bytes random_bytes(ravel::choices& from, std::uint64_t most) {
  bytes all(from.below(most + 1));
  for (std::uint8_t& one : all) one = static_cast<std::uint8_t>(from.below(256));
  return all;
}

struct subject {
  void put(int, double) {}
  void name(const std::string&) {}
  void all(const std::vector<int>&) {}
  void maybe(std::optional<int>) {}
  int never() { return 0; }
  int take() { return 0; }
};

// Draws for as long as it is told to.
struct patience {
  using value_type = int;
  int draw(ravel::choices& from) const {
    int value = 0;
    while (from.chance(60)) ++value;
    return value;
  }
  void encode(int value, ravel::chosen_numbers& chosen) const {
    chosen.insert(chosen.end(), static_cast<std::size_t>(value), 0);
    chosen.push_back(99);
  }
  void print(int value, std::ostream& out) const { out << value; }
};

const auto table = ravel::operations<subject>(
    ravel::op("put", &subject::put, ravel::ints(-3, 700), ravel::reals(0, 1)),
    ravel::op("never", &subject::never).weight(0), ravel::op("name", &subject::name, ravel::text(5)),
    ravel::op("all", &subject::all, ravel::list_of(ravel::ints(1, 9), 3)).weight(3),
    ravel::op("maybe", &subject::maybe, ravel::maybe(ravel::ints(1, 9))),
    ravel::op(
        "wait", [](subject&, int) {}, patience()),
    ravel::op("take", [](subject& one, std::uint64_t) { return one.take(); }, ravel::any_value<std::uint64_t>()));

operation_list operations() {
  operation_list all;
  std::apply(
      [&](const auto&... one) {
        (all.push_back(std::make_unique<typed_drawable<subject, std::remove_cvref_t<decltype(one)>>>(one)), ...);
      },
      table.all());
  return all;
}

std::string printed(const program_threads& program) {
  std::ostringstream text;
  for (const auto& thread : program) {
    for (const program_call& one : thread) {
      one.call->print(text);
      text << ' ';
    }
    text << '\n';
  }
  return text.str();
}

const std::function<bool(const planned_call&)> all_allowed;
const std::vector<std::vector<std::string>> no_program;

}  // namespace

TEST_CASE("fuzz input: every string of bytes is a program of operations with values of their domains", "[checks]") {
  const operation_list all = operations();
  random_choices random(17);
  ravel::fuzz_input input;
  std::size_t calls = 0, switches = 0;
  for (int i = 0; i < 10'000; ++i) {
    const bytes given = i == 0 ? bytes() : random_bytes(random, 120);
    decode_input(given, input);
    const program_threads program = program_of(all, {3, 8, all_allowed, no_program, nullptr}, input);
    REQUIRE(program.size() >= 1);
    REQUIRE(program.size() <= 3);
    REQUIRE(input.switches.size() <= ravel::fuzz_input::most_switches);
    for (const auto& thread : program) {
      REQUIRE(thread.size() <= 8);
      calls += thread.size();
      for (const program_call& one : thread) {
        std::ostringstream text;
        one.call->print(text);
        const std::string words = text.str(), name = one.operation->name();
        std::string_view rest = std::string_view(words).substr(name.size() + 1);
        INFO(words);
        REQUIRE(one.operation->read(rest) != nullptr);  // which refuses what is beyond the ranges
        REQUIRE(name != "never");
      }
    }
    switches += input.switches.size();
  }
  CHECK(calls > 20'000);
  CHECK(switches > 20'000);
}

TEST_CASE("fuzz input: what is decoded, and what is drawn, is read again as it was", "[checks]") {
  const operation_list all = operations();
  random_choices random(23);
  ravel::fuzz_input input, again;
  for (int i = 0; i < 2'000; ++i) {
    decode_input(random_bytes(random, 200), input);
    decode_input(encode_input(input), again);
    REQUIRE(again == input);

    ravel::fuzz_input drawn;
    draw_input(all, 3, 6, random, drawn);
    decode_input(encode_input(drawn), again);
    REQUIRE(again == drawn);
    // Every call is where it was put, and none is lost.
    const std::vector<call_place> places = calls_in(all, drawn.calls);
    REQUIRE(!places.empty());
    REQUIRE(places.back().end == drawn.calls.size());
    bytes joined;
    for (const call_place& one : places)
      joined.insert(joined.end(), drawn.calls.begin() + static_cast<std::ptrdiff_t>(one.begin),
                    drawn.calls.begin() + static_cast<std::ptrdiff_t>(one.end));
    REQUIRE(joined == drawn.calls);
    const program_threads program = program_of(all, {3, 6, all_allowed, no_program, nullptr}, again);
    std::size_t count = 0;
    for (const auto& thread : program) count += thread.size();
    REQUIRE(count == places.size());
  }
}

TEST_CASE("fuzz input: a call beyond what a thread may make, or that is not allowed, is left out", "[checks]") {
  const operation_list all = operations();
  ravel::fuzz_input input;
  input.threads = 1;
  for (int i = 0; i < 5; ++i) input.calls.insert(input.calls.end(), {0, 1, 0});  // name("")
  input.calls.insert(input.calls.end(), {1, 1, 1, 33});                          // name("A")
  CHECK(printed(program_of(all, {2, 3, all_allowed, no_program, nullptr}, input)) ==
        "name(\"\") name(\"\") name(\"\") \nname(\"A\") \n");
  const std::function<bool(const planned_call&)> first_only = [](const planned_call& call) {
    return call.thread == 0 && call.before.size() < 2;
  };
  CHECK(printed(program_of(all, {2, 3, first_only, no_program, nullptr}, input)) == "name(\"\") name(\"\") \n\n");
}

TEST_CASE("fuzz input: a header tells of which target it is, and a token is told from it", "[checks]") {
  const bytes some{1, 2, 3};
  const auto origin = [](const bytes& given) { return ravel::without_header(given, 77).origin; };
  const auto headed = ravel::with_header(some, 77);
  const ravel::headed_input read = ravel::without_header(headed, 77);
  CHECK(read.origin == ravel::input_origin::same_target);
  CHECK(bytes(read.bytes.begin(), read.bytes.end()) == some);
  CHECK(origin(some) == ravel::input_origin::bare);
  CHECK(origin({}) == ravel::input_origin::bare);
  CHECK(origin(ravel::with_header(some, 78)) == ravel::input_origin::other_target);
  bytes newer = headed;
  newer[3] = 9;
  CHECK(origin(newer) == ravel::input_origin::other_version);
  const std::string token = "r1.4f2a.surw.7.17\n";
  CHECK(origin(bytes(token.begin(), token.end())) == ravel::input_origin::token);
  const std::string words = "r1.is no token";
  CHECK(origin(bytes(words.begin(), words.end())) == ravel::input_origin::bare);
}
