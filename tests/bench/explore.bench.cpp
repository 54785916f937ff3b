// SPDX-License-Identifier: MIT
// Explore mode, in this process and without checks: executions per second of two threads that each lock, increment and
// unlock ten times; a point without and with a switch; a memory access under control. Built twice: for points, and for
// thread, where the same loop under TSan alone is the baseline. Unit: ns.
#include "explore_loops.hpp"
#include "measured.hpp"

#include <ravel/explore.hpp>

#include <sched.h>

#include <mutex>

namespace {

constexpr std::uint64_t accesses = IS_UNDER_TSAN ? 10'000'000 : 40'000'000;
constexpr std::uint64_t executions = IS_UNDER_TSAN ? 20'000 : 200'000;
int data[1024];

ravel::report explore(const char* strategy, std::uint64_t count, const ravel::body& body) {
  return ravel::explore({.name = "bench",
                         .executions = count,
                         .seconds = 1'000,
                         .points = ~std::uint64_t{0} >> 4,
                         .strategy = strategy,
                         .isolation = ravel::isolation::none},
                        body);
}

// One google-benchmark iteration is one run.
void in_runs(benchmark::State& state, const char* strategy, std::uint64_t count, std::uint64_t operations,
             const ravel::body& body) {
  double seconds = 0, points = 0, switches = 0;
  for (auto _ : state) {
    const ravel::report report = explore(strategy, count, body);
    if (report.verdict != ravel::verdict::clean) state.SkipWithError("the run was not clean");
    state.SetIterationTime(report.seconds);
    seconds += report.seconds;
    points += static_cast<double>(report.points_seen);
    switches += static_cast<double>(report.switches_seen);
  }
  const double runs = static_cast<double>(count) * static_cast<double>(state.iterations());
  if (operations == 0) {
    state.counters["executions_per_s"] = runs / seconds;
    state.counters["points"] = points / runs;
    state.counters["switches"] = switches / runs;
  }
  if (operations != 0) say_cost(state, seconds, operations);
}

void counter(benchmark::State& state, const char* strategy) {
  in_runs(state, strategy, executions, 0, [](ravel::trial& trial) {
    std::mutex lock;
    int count = 0;
    trial.threads(2, "adder", [&](ravel::worker&) {
      for (int i = 0; i < 10; ++i) {
        const std::lock_guard guard(lock);
        ++count;
      }
    });
    trial.run();
  });
}

void counter_bare(benchmark::State& state) {
  bare(state, executions, [](std::uint64_t n) { uninstrumented::count_under_lock(n); });
}
BENCHMARK(counter_bare)->UseManualTime()->Iterations(3);
void counter_random(benchmark::State& state) { counter(state, "random"); }
BENCHMARK(counter_random)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);
void counter_pct(benchmark::State& state) { counter(state, "pct"); }
BENCHMARK(counter_pct)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

// Written out, so that it is instrumented as a user's code is.
void touch(std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; i += 2) {
    benchmark::DoNotOptimize(data[i & 1023]);
    data[(i + 1) & 1023] = static_cast<int>(i);
    benchmark::ClobberMemory();
  }
}

void access_bare(benchmark::State& state) {
  bare(state, accesses, [](std::uint64_t n) { uninstrumented::access(data, n); });
}
BENCHMARK(access_bare)->UseManualTime()->Iterations(3);

#if IS_UNDER_TSAN
void access_tsan_alone(benchmark::State& state) {
  bare(state, accesses, [](std::uint64_t n) { tsan_alone::access(data, n); });
}
BENCHMARK(access_tsan_alone)->UseManualTime()->Iterations(3);
void counter_tsan_alone(benchmark::State& state) {
  bare(state, executions, [](std::uint64_t n) { tsan_alone::count_under_lock(n); });
}
BENCHMARK(counter_tsan_alone)->UseManualTime()->Iterations(3);
#endif

// Instrumented, and no execution in flight.
void access_idle(benchmark::State& state) { bare(state, accesses, touch); }
BENCHMARK(access_idle)->UseManualTime()->Iterations(3);

// In as many executions as a strategy learns over: in the first of them each asks at every point.
void access_under(benchmark::State& state, const char* strategy) {
  constexpr std::uint64_t count = 128;
  in_runs(state, strategy, count, accesses, [](ravel::trial& trial) {
    trial.thread("toucher", [](ravel::worker&) { touch(accesses / count); });
    trial.run();
  });
}
void point_pct(benchmark::State& state) { access_under(state, "pct"); }
BENCHMARK(point_pct)->UseManualTime()->Iterations(3);
void point_random(benchmark::State& state) { access_under(state, "random"); }
BENCHMARK(point_random)->UseManualTime()->Iterations(3);

// Each yield is a point with a switch: the strategy is asked, and the other one of two threads goes on.
void point_with_switch(benchmark::State& state) {
  in_runs(state, "random", 1, 2'000'000, [](ravel::trial& trial) {
    trial.threads(2, "yielder", [](ravel::worker&) {
      for (int i = 0; i < 1'000'000; ++i) sched_yield();
    });
    trial.run();
  });
}
BENCHMARK(point_with_switch)->UseManualTime()->Iterations(3);

}  // namespace
