// SPDX-License-Identifier: MIT
// See ravel/checks/check_operations.hpp: a program is drawn, or read, and run. Compiled without sanitizers, so that
// nothing here is a point or an edge.
#include "input_program.hpp"
#include "program.hpp"

#include <ravel/alone.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>
#include <sstream>

namespace ravel::checks::detail {

namespace {

constexpr unsigned most_tries = 100;  // for a call that is allowed
constexpr unsigned most_threads = 64, most_calls_each = 1'000;

class trial_choices final : public choices {
 public:
  explicit trial_choices(trial& trial) : trial_(trial) {}
  std::uint64_t below(std::uint64_t count) override {
    constexpr std::int64_t low = std::numeric_limits<std::int64_t>::min();
    const auto high = static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + (count - 1));
    return static_cast<std::uint64_t>(trial_.pick(low, high)) - static_cast<std::uint64_t>(low);
  }

 private:
  trial& trial_;
};

}  // namespace

void refuse_impossible_plan(const operation_list& all, const operations_plan& plan) {
  if (plan.threads == 0 || plan.threads > most_threads)
    throw usage_error("check_operations: threads = " + std::to_string(plan.threads) + ": write 1 to " +
                      std::to_string(most_threads) + ", or leave it out for 3.");
  if (plan.calls == 0 || plan.calls > most_calls_each)
    throw usage_error("check_operations: calls = " + std::to_string(plan.calls) +
                      ": write how many each thread makes, 1 to " + std::to_string(most_calls_each) +
                      ", or leave it out for 5.");
  if (std::ranges::all_of(all, [](const auto& one) { return one->weight() == 0; }))
    throw usage_error(
        "check_operations: all operations of the table have weight 0; give one of them a weight of 1 or more.");
}

const drawable& drawn_operation(const operation_list& all, choices& from) {
  std::uint64_t sum = 0;
  for (const auto& one : all) sum += one->weight();
  std::uint64_t which = from.below(sum);
  for (const auto& one : all) {
    if (which < one->weight()) return *one;
    which -= one->weight();
  }
  return *all.back();
}

namespace {

program_threads drawn_program(const operation_list& all, const operations_plan& plan, choices& from) {
  refuse_impossible_plan(all, plan);
  program_threads program(plan.threads);
  bool is_empty = true;
  for (unsigned thread = 0; thread < plan.threads; ++thread) {
    planned_call planned{thread, {}, {}};
    for (unsigned number = 0; number < plan.calls; ++number) {
      const drawable* operation = nullptr;
      for (unsigned tries = 0; tries < most_tries && operation == nullptr; ++tries) {
        operation = &drawn_operation(all, from);
        planned.name = operation->name();
        if (plan.allowed && !plan.allowed(planned)) operation = nullptr;
      }
      if (operation == nullptr) break;
      program[thread].push_back({operation->draw(from), operation});
      planned.before.push_back(operation->name());
      is_empty = false;
    }
  }
  if (is_empty) throw usage_error("check_operations: .allowed refused every call; let it allow some.");
  return program;
}

program_call read_call(const operation_list& all, std::string_view words) {
  std::string names;
  for (const auto& one : all) {
    names += (names.empty() ? "" : ", ") + one->name();
    if (!words.starts_with(one->name())) continue;
    std::string_view rest = words.substr(one->name().size());
    if (!ravel::detail::read_word(rest, "(")) continue;
    std::unique_ptr<drawn_call> call = one->read(rest);
    if (call != nullptr && ravel::detail::read_word(rest, ")") && rest.find_first_not_of(' ') == std::string_view::npos)
      return {std::move(call), one.get()};
  }
  throw usage_error("check_operations: \"" + std::string(words) +
                    "\" in .program is no call of the table; write an operation with values of its domains in "
                    "parentheses, as findings print them: \"put(3)\". The table has " +
                    names + ".");
}

program_threads read_program(const operation_list& all, const std::vector<std::vector<std::string>>& written) {
  program_threads program;
  for (const std::vector<std::string>& thread : written) {
    program.emplace_back();
    for (const std::string& words : thread) program.back().push_back(read_call(all, words));
  }
  if (program.size() > most_threads)
    throw usage_error("check_operations: .program has " + std::to_string(program.size()) + " threads; write at most " +
                      std::to_string(most_threads) + ".");
  return program;
}

void write_down(program_threads& program, program_area& area, site place) {
  area.place = place;
  area.threads = static_cast<std::uint32_t>(program.size());
  area.has_lost = false;
  std::uint32_t count = 0;
  for (std::uint32_t thread = 0; thread < program.size(); ++thread)
    for (program_call& one : program[thread]) {
      std::ostringstream words;
      one.call->print(words);
      const std::string text = words.str();
      if (count == program_area::most_calls || text.size() > 119) {
        area.has_lost = true;
        continue;
      }
      one.written = &area.calls[count++];
      one.written->thread = thread;
      one.written->is_made.store(0, std::memory_order_relaxed);  // relaxed: the threads come after
      one.written->words.clear();
      one.written->words.add(text.c_str());
    }
  area.count = count;
}

void note_made(void* written) {
  // relaxed: read when its process is gone
  if (written != nullptr) static_cast<written_call*>(written)->is_made.store(1, std::memory_order_relaxed);
}

}  // namespace

std::optional<chosen_numbers> read_chosen(std::string_view& text) {
  const std::string_view whole = text;
  chosen_numbers chosen;
  if (ravel::detail::read_word(text, "<")) {
    while (const std::optional<std::uint64_t> one = ravel::detail::read_unsigned(text)) chosen.push_back(*one);
    if (const std::size_t end = text.find('>'); ravel::detail::read_word(text, ":") && end != std::string_view::npos) {
      text.remove_prefix(text.find('>') + 1);
      return chosen;
    }
  }
  text = whole;
  return std::nullopt;
}

void run_operations(trial& trial, const operation_list& all, const operations_plan& plan, void* history, site place) {
  program_threads program;
  {
    const apart hidden;
    trial_choices from(trial);
    if (!plan.program.empty())
      program = read_program(all, plan.program);
    else if (const fuzz_input* input = trial.input())
      program = program_of(all, plan, *input);
    else
      program = drawn_program(all, plan, from);
    if (program_area* area = area_of_program(); area != nullptr && is_shown()) write_down(program, *area, place);
  }
  trial.threads(
      static_cast<unsigned>(program.size()), "caller",
      [&](worker& me) {
        for (const program_call& one : program[me.index()]) {
          if (is_next_call_left_out(true)) continue;  // nothing depends on it
          one.call->make(history, note_made, one.written);
          me.step();
        }
      },
      place);
  trial.run(place);
}

}  // namespace ravel::checks::detail
