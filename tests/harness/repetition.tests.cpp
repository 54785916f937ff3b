// SPDX-License-Identifier: MIT
// What counts as going round for ever: compared with loops that do, and with those that only look like it.
#include "catch.hpp"

#include "engine/repetition.hpp"

#include <cstdint>
#include <memory>
#include <vector>

using ravel::detail::controlled_thread;
using ravel::detail::operation;
using ravel::detail::repetition;

namespace {

struct looper {
  std::unique_ptr<repetition> seen = std::make_unique<repetition>();
  std::unique_ptr<controlled_thread> self{new controlled_thread{}};
  std::uint32_t word = 0;

  explicit looper(std::uint32_t index = 0) {
    REQUIRE(seen->start(false));
    self->index = index;
  }
  void step(operation what, std::uintptr_t pc, const void* object) {
    self->pending = {what, 4, object, pc};
    seen->note(*self);
  }
};

}  // namespace

TEST_CASE("repetition: the same steps and values are one loop, after more than a hundred times", "[harness]") {
  for (const std::uint32_t period : {1u, 2u, 3u, 17u}) {
    looper one;
    const std::uint32_t needed = (repetition::fewest_times + 1) * period;
    for (std::uint32_t i = 0; i < needed - 1; ++i) one.step(operation::atomic_load, 100 + i % period, &one.word);
    CHECK_FALSE(one.seen->is_one_loop(0));
    one.step(operation::atomic_load, 100 + (needed - 1) % period, &one.word);
    CHECK(one.seen->is_one_loop(0));
    CHECK(one.seen->has_accesses());
  }
}

TEST_CASE("repetition: a value that changes, another place or another object end the loop", "[harness]") {
  for (int kind = 0; kind < 3; ++kind) {
    looper one;
    std::uint32_t other = 0;
    for (int i = 0; i < 300; ++i) one.step(operation::read, 100, &one.word);
    CHECK(one.seen->is_one_loop(0));
    if (kind == 0) one.word = 7;
    one.step(operation::read, kind == 1 ? 101 : 100, kind == 2 ? &other : &one.word);
    CHECK_FALSE(one.seen->is_one_loop(0));
  }
}

TEST_CASE("repetition: what is written does not matter, what is read does", "[harness]") {
  looper writer, reader;
  for (int i = 0; i < 300; ++i) {
    ++writer.word;
    ++reader.word;
    writer.step(operation::write, 100, &writer.word);
    reader.step(operation::atomic_update, 100, &reader.word);
  }
  CHECK(writer.seen->is_one_loop(0));
  CHECK_FALSE(reader.seen->is_one_loop(0));
}

TEST_CASE("repetition: threads are told apart, and too many are not judged", "[harness]") {
  looper one(1);
  for (int i = 0; i < 300; ++i) {
    one.self->index = 1;
    one.step(operation::yield, 100, nullptr);
    one.self->index = 2;
    one.step(operation::yield, 200 + static_cast<std::uintptr_t>(i), nullptr);
    one.self->index = repetition::most_threads;
    one.step(operation::yield, 100, nullptr);
  }
  CHECK(one.seen->is_one_loop(1));
  CHECK_FALSE(one.seen->is_one_loop(2));
  CHECK_FALSE(one.seen->is_one_loop(3));
  CHECK_FALSE(one.seen->is_one_loop(repetition::most_threads));
  CHECK_FALSE(one.seen->has_accesses());
}

TEST_CASE("repetition: the places with the most steps, in order", "[harness]") {
  looper one;
  for (int i = 0; i < 10; ++i) one.step(operation::yield, 1, nullptr);
  for (int i = 0; i < 30; ++i) one.step(operation::yield, 2, nullptr);
  for (int i = 0; i < 20; ++i) one.step(operation::yield, 3, nullptr);
  for (int i = 0; i < 5; ++i) one.step(operation::yield, 4, nullptr);
  ravel::detail::hot_place places[repetition::most_hot];
  std::uint64_t all = 0;
  REQUIRE(one.seen->hottest(places, all) == 3);
  CHECK(all == 65);
  CHECK(places[0].pc == 2);
  CHECK(places[0].times == 30);
  CHECK(places[1].pc == 3);
  CHECK(places[2].pc == 1);
}

TEST_CASE("repetition: thoroughly, a register that counts is no repetition", "[harness]") {
  looper one;
  REQUIRE(one.seen->start(true));
  CHECK(one.seen->is_thorough());
  // Places that are in no frame of this thread's: nothing is known of its state, so that no two steps are the same.
  for (int i = 0; i < 300; ++i) one.step(operation::atomic_load, 100, &one.word);
  CHECK_FALSE(one.seen->is_one_loop(0));
}
