// SPDX-License-Identifier: MIT
// Inputs in process: the same bytes are the same execution, event by event.
#include "base/random.hpp"
#include "catch.hpp"
#include "modes/fuzz/event_hash.hpp"
#include "modes/fuzz/repeated_inputs.hpp"
#include "modes/fuzz/session.hpp"

#include <ravel/fuzz.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace {

using ravel::detail::event_hash;

class map_of_numbers {
 public:
  bool put(int key, int value) {
    const std::lock_guard lock(mutex_);
    return values_.insert_or_assign(key, value).second;
  }
  std::optional<int> get(int key) {
    const std::lock_guard lock(mutex_);
    const auto found = values_.find(key);
    return found == values_.end() ? std::nullopt : std::optional<int>(found->second);
  }
  bool erase(int key) {
    const std::lock_guard lock(mutex_);
    return values_.erase(key) != 0;
  }

 private:
  std::mutex mutex_;
  std::map<int, int> values_;
};

const auto operations =
    ravel::operations<map_of_numbers>(ravel::op("put", &map_of_numbers::put, ravel::ints(0, 7), ravel::ints(1, 99)),
                                      ravel::op("get", &map_of_numbers::get, ravel::ints(0, 7)),
                                      ravel::op("erase", &map_of_numbers::erase, ravel::ints(0, 7)));

class random_choices final : public ravel::choices {
 public:
  explicit random_choices(std::uint64_t seed) { ravel::detail::seed_state(state_, seed); }
  std::uint64_t below(std::uint64_t count) override { return ravel::detail::scale(ravel::detail::draw(state_), count); }

 private:
  std::uint64_t state_[2];
};

}  // namespace

RAVEL_FUZZ_API(map_of_numbers, operations, {.threads = 3, .calls = 8});

TEST_CASE("fuzz session: 1,000 random inputs run twice give equal event logs", "[checks]") {
  const ravel::fuzz_target& target = ravel::only_fuzz_target();
  ravel::detail::fuzz_session session(target);
  random_choices random(5);
  std::vector<std::vector<std::uint8_t>> inputs;
  ravel::fuzz_input drawn;
  for (int i = 0; i < 500; ++i) {
    target.draw(random, drawn);
    inputs.push_back(encode_input(drawn));
    std::vector<std::uint8_t> bytes(random.below(100));
    for (std::uint8_t& one : bytes) one = static_cast<std::uint8_t>(random.below(256));
    inputs.push_back(std::move(bytes));
  }
  const auto log_of = [&](const std::vector<std::uint8_t>& bytes) {
    event_hash log;
    session.listen(&log);
    session.run(bytes);
    session.listen(nullptr);
    return log;
  };
  static_cast<void>(log_of(inputs[0]));  // what is set up once
  std::vector<event_hash> first;
  for (const auto& bytes : inputs) first.push_back(log_of(bytes));
  std::uint64_t events = 0, switches = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const event_hash again = log_of(inputs[i]);
    INFO(i);
    REQUIRE(again.events == first[i].events);
    REQUIRE(again.hash == first[i].hash);
    events += again.events;
    switches += again.switches;
  }
  CHECK(events > 10'000);
  CHECK(switches > 3'000);
  CHECK(first[0].hash != first[2].hash);
}

TEST_CASE("fuzz session: an input that does something else when it is run again is told of once", "[checks]") {
  using namespace ravel::detail;
  repeated_inputs repeated;
  const std::vector<std::uint8_t> bytes{1, 2, 3};
  unsigned runs = 0;
  std::uint64_t points = 7;
  const auto run = [&](ravel::input_bytes given) {
    ++runs;
    CHECK(given.size() == 3);
    return seen_execution{points, 1};
  };
  std::string told;
  for (std::uint64_t i = 1; i <= 4 * repeated_inputs::every; ++i) {
    if (i == 2 * repeated_inputs::every) points = 8;
    repeated.note(bytes, {7, 1});
    const std::string words = repeated.differs(run);
    if (i < 2 * repeated_inputs::every) CHECK(words.empty());
    told += words;
  }
  CHECK(runs == 2);
  CHECK(told.find("7 points, then 8") != std::string::npos);
  CHECK(told.find("7 points, then 8") == told.rfind("7 points, then 8"));
}
