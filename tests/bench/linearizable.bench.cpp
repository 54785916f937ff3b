// SPDX-License-Identifier: MIT
// What it takes to check a history: by model, calls, threads, with partition and without, and beside it a plain Wing
// and Gong search, which remembers nothing. The histories are right; their calls overlap with those of all other
// threads.
#include <ravel/checks/check_history.hpp>
#include <ravel/checks/models.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <utility>

namespace {

using namespace ravel::checks;

enum subject : std::int64_t { map, reg, counter, fifo };

// Each call takes effect at a moment of its own within it; its results are those of that order.
history made(std::int64_t of, std::int64_t calls, std::int64_t threads) {
  std::mt19937_64 rng(7);
  history result;
  std::vector<std::uint64_t> time(static_cast<std::size_t>(threads), 0);
  for (std::int64_t i = 0; i < threads; ++i) static_cast<void>(result.thread_named("client#" + std::to_string(i)));
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::int64_t i = 0; i < calls; ++i) {
    call one;
    one.thread = static_cast<std::uint32_t>(i % threads);
    one.invoked = time[one.thread] + 1 + rng() % 20;
    one.returned = one.invoked + 10 + rng() % 90;
    time[one.thread] = one.returned;
    order.emplace_back(one.invoked + rng() % (one.returned - one.invoked), result.calls.size());
    result.calls.push_back(one);
  }
  std::ranges::sort(order);
  std::map<std::int64_t, std::int64_t> values;
  std::deque<std::int64_t> queue;
  std::int64_t fresh = 0;
  for (const auto& [when, i] : order) {
    call& one = result.calls[i];
    const bool is_read = rng() % 2 == 0;
    const char* name = is_read ? "get" : "put";
    const std::int64_t key = of == map ? static_cast<std::int64_t>(rng() % 100) : 0;
    if (of == map) one.argument[one.argument_count++] = value::of(key);
    if (of == fifo) {
      name = is_read ? "take" : "put";
      if (!is_read) queue.push_back(fresh);
      if (is_read && !queue.empty()) {
        one.result = value::of(queue.front());
        queue.pop_front();
      }
      if (!is_read) one.argument[one.argument_count++] = value::of(fresh++);
    } else if (of == counter) {
      name = is_read ? "get" : "add";
      if (is_read) one.result = value::of(values[0]);
      if (!is_read) one.argument[one.argument_count++] = value::of(static_cast<std::int64_t>(1 + rng() % 3));
      if (!is_read) values[0] += one.argument[0].bits;
    } else {
      if (of == reg) name = is_read ? "read" : "write";
      if (!is_read) one.argument[one.argument_count++] = value::of(static_cast<std::int64_t>(rng() % 1'000));
      if (is_read && (of == reg || values.contains(key))) one.result = value::of(values[key]);
      if (!is_read) values[key] = one.argument[one.argument_count - 1].bits;
    }
    one.operation = result.operation_named(name);
  }
  return result;
}

judgement judged(std::int64_t of, const history& given, const check_options& options) {
  if (of == map) return check_history(given, map_model{}, options);
  if (of == reg) return check_history(given, register_model{}, options);
  if (of == counter) return check_history(given, counter_model{}, options);
  return check_history(given, fifo_model{}, options);
}

void check(benchmark::State& state) {
  const history given = made(state.range(0), state.range(1), state.range(2));
  check_options options;
  options.is_partitioned = state.range(3) != 0;
  options.remembers = state.range(4) != 0;
  options.budget.seconds = 3;
  judgement found;
  for (auto _ : state) found = judged(state.range(0), given, options);
  if (found.answer == answer::fails) state.SkipWithError("the history is right");
  if (found.answer == answer::undecided) state.SkipWithError(("undecided: " + found.reason).c_str());
  state.counters["steps"] = static_cast<double>(found.steps);
  state.counters["MiB"] = static_cast<double>(found.bytes) / (1 << 20);
}

void cases(benchmark::internal::Benchmark* to) {
  to->ArgNames({"map/register/counter/fifo", "calls", "threads", "parts", "remembers"});
  for (const std::int64_t threads : {2, 8, 32})
    for (const std::int64_t calls : {10, 100, 1'000, 10'000, 100'000}) {
      for (const std::int64_t of : {map, reg, counter, fifo})
        for (const std::int64_t remembers : {1, 0}) to->Args({of, calls, threads, 1, remembers});
      to->Args({map, calls, threads, 0, 1});
    }
}

BENCHMARK(check)->Apply(cases)->Unit(benchmark::kMillisecond)->MinTime(0.05);

}  // namespace
