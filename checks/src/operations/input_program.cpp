// SPDX-License-Identifier: MIT
// See input_program.hpp.
#include "input_program.hpp"

#include <algorithm>

namespace ravel::checks::detail {

namespace {

unsigned usable_operations(const operation_list& all) noexcept {
  return static_cast<unsigned>(std::ranges::count_if(all, [](const auto& one) { return one->weight() != 0; }));
}

// Among those that are drawn at all.
const drawable& usable_operation(const operation_list& all, std::uint64_t which) noexcept {
  for (const auto& one : all)
    if (one->weight() != 0 && which-- == 0) return *one;
  return *all.front();
}

std::uint8_t index_of_usable(const operation_list& all, const drawable& wanted) noexcept {
  std::uint8_t index = 0;
  for (const auto& one : all) {
    if (one.get() == &wanted) break;
    index = static_cast<std::uint8_t>(index + (one->weight() != 0 ? 1 : 0));
  }
  return index;
}

}  // namespace

unsigned threads_of(const fuzz_input& input, unsigned most) noexcept { return 1 + input.threads % most; }

program_threads program_of(const operation_list& all, const operations_plan& plan, const fuzz_input& input) {
  refuse_impossible_plan(all, plan);
  const unsigned threads = threads_of(input, plan.threads), usable = usable_operations(all);
  program_threads program(threads);
  std::vector<std::vector<std::string_view>> before(plan.allowed ? threads : 0);
  input_choices from(input.calls);
  while (!from.is_used_up()) {
    const auto thread = static_cast<unsigned>(from.below(256) % threads);
    const drawable& operation = usable_operation(all, from.below(256) % usable);
    program_call call{operation.draw(from), &operation};
    if (program[thread].size() == plan.calls) continue;
    if (plan.allowed) {
      planned_call planned{thread, operation.name(), std::move(before[thread])};
      const bool is_allowed = plan.allowed(planned);
      before[thread] = std::move(planned.before);
      if (!is_allowed) continue;
      before[thread].push_back(operation.name());
    }
    program[thread].push_back(std::move(call));
  }
  return program;
}

std::vector<call_place> calls_in(const operation_list& all, input_bytes calls) {
  std::vector<call_place> places;
  const unsigned usable = usable_operations(all);
  input_choices from(calls);
  while (usable != 0 && !from.is_used_up()) {
    const std::size_t begin = from.used();
    const auto thread = static_cast<unsigned>(from.below(256));
    const drawable& operation = usable_operation(all, from.below(256) % usable);
    static_cast<void>(operation.draw(from));
    places.push_back({begin, from.used(), thread, &operation});
  }
  return places;
}

void append_drawn_call(const operation_list& all, unsigned thread, choices& from, std::vector<std::uint8_t>& calls) {
  const drawable& operation = drawn_operation(all, from);
  calls.push_back(static_cast<std::uint8_t>(thread));
  calls.push_back(index_of_usable(all, operation));
  recorded_choices recorded(from, calls);
  static_cast<void>(operation.draw(recorded));
}

namespace {

// The first byte of what it takes, if it then still takes as many.
void repeat_argument(const operation_list& all, std::vector<std::uint8_t>& calls, std::size_t begin,
                     std::size_t earlier) {
  if (calls.size() <= begin + 2 || earlier + 2 >= begin) return;
  const std::uint8_t own = calls[begin + 2];
  calls[begin + 2] = calls[earlier + 2];
  const std::size_t count = calls.size() - begin - 2;
  calls.push_back(0);  // so that wanting more than there is shows
  input_choices from(input_bytes(calls).subspan(begin + 2));
  static_cast<void>(usable_operation(all, calls[begin + 1]).draw(from));
  calls.pop_back();
  if (from.used() != count) calls[begin + 2] = own;
}

}  // namespace

// Most bugs need few switches, and early in an operation, where the lock is not taken yet, or late: the number of
// accesses is not known here.
input_switch drawn_switch(unsigned threads, unsigned calls, choices& from) {
  input_switch one;
  one.thread = static_cast<std::uint8_t>(from.below(threads));
  one.operation = static_cast<std::uint8_t>(1 + from.below(std::min(calls, 254u)));
  const std::uint64_t magnitude = from.below(7);
  one.access = static_cast<std::uint16_t>(from.below(std::uint64_t{1} << magnitude));
  one.to = static_cast<std::uint8_t>(from.below(threads));
  return one;
}

void draw_input(const operation_list& all, unsigned threads, unsigned calls, choices& from, fuzz_input& into) {
  into.threads = static_cast<std::uint8_t>(from.chance(75) ? threads - 1 : from.below(threads));
  into.picks = static_cast<std::uint8_t>(from.chance(75) ? 0 : from.below(256));
  const unsigned count = threads_of(into, threads);
  const auto each = static_cast<unsigned>(1 + from.below(calls));
  into.calls.clear();
  std::vector<std::size_t> begins;
  for (unsigned thread = 0; thread < count; ++thread)
    for (unsigned number = 0; number < each; ++number) {
      const std::size_t begin = into.calls.size();
      append_drawn_call(all, thread, from, into.calls);
      // Calls with the same arguments are those that meet.
      if (!begins.empty() && from.chance(50))
        repeat_argument(all, into.calls, begin, begins[from.below(begins.size())]);
      begins.push_back(begin);
    }
  into.switches.clear();
  for (std::uint64_t left = from.below(from.chance(50) ? 4 : 13); left != 0; --left)
    into.switches.push_back(drawn_switch(count, each, from));
}

}  // namespace ravel::checks::detail
