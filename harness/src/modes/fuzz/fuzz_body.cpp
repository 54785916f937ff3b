// SPDX-License-Identifier: MIT
// Fuzz targets that decode their bytes themselves: see RAVEL_FUZZ_BODY in ravel/fuzz.hpp.
#include <ravel/fuzz_target.hpp>
#include <ravel/token.hpp>

#include <utility>

namespace ravel::detail {

namespace {

constexpr std::size_t most_drawn = 64;  // bytes
constexpr std::uint64_t threads_drawn = 4, operations_drawn = 8;

input_switch any_switch(choices& from) {
  input_switch one;
  one.thread = static_cast<std::uint8_t>(from.below(threads_drawn));
  one.operation = static_cast<std::uint8_t>(from.chance(50) ? 0 : from.below(operations_drawn + 1));
  const std::uint64_t magnitude = from.below(10);
  one.access = static_cast<std::uint16_t>(from.below(std::uint64_t{1} << magnitude));
  one.to = static_cast<std::uint8_t>(from.below(threads_drawn));
  return one;
}

void draw_bytes(choices& from, fuzz_input& into) {
  into.threads = static_cast<std::uint8_t>(from.below(256));
  into.picks = static_cast<std::uint8_t>(from.chance(75) ? 0 : from.below(256));
  into.calls.clear();
  for (std::uint64_t left = from.below(most_drawn + 1); left != 0; --left)
    into.calls.push_back(static_cast<std::uint8_t>(from.below(256)));
  into.switches.clear();
  for (std::uint64_t left = from.below(8); left != 0; --left) into.switches.push_back(any_switch(from));
}

void change_bytes(choices& from, fuzz_input& input, const fuzz_input* other) {
  const auto some = [&](const auto& list, std::uint64_t more) {
    return static_cast<std::ptrdiff_t>(from.below(list.size() + more));
  };
  auto& bytes = input.calls;
  auto& switches = input.switches;
  switch (from.below(7)) {
    case 0: bytes.insert(bytes.begin() + some(bytes, 1), static_cast<std::uint8_t>(from.below(256))); break;
    case 1:
      if (!bytes.empty()) bytes.erase(bytes.begin() + some(bytes, 0));
      break;
    case 2:
      if (!bytes.empty()) bytes[from.below(bytes.size())] = static_cast<std::uint8_t>(from.below(256));
      break;
    case 3:
      if (switches.size() < fuzz_input::most_switches) switches.push_back(any_switch(from));
      break;
    case 4:
      if (!switches.empty()) switches.erase(switches.begin() + some(switches, 0));
      break;
    case 5:
      if (!switches.empty()) switches[from.below(switches.size())] = any_switch(from);
      break;
    default:
      if (other != nullptr) switches = other->switches;
  }
}

}  // namespace

bool register_fuzz_body(const char* name, void (*run)(trial&, input_bytes), site place) {
  fuzz_target target;
  target.name = name;
  target.place = place;
  target.signature = hash_of_test_case(name);
  target.run = [run](trial& trial) {
    const fuzz_input* input = trial.input();
    run(trial, input == nullptr ? input_bytes() : input_bytes(input->calls));
  };
  target.draw = draw_bytes;
  target.change = change_bytes;
  return register_fuzz_target(std::move(target));
}

}  // namespace ravel::detail
