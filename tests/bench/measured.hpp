// SPDX-License-Identifier: MIT
// Measures inside a worker of a real run: one round in this process, timed by the worker itself.
// shape: seconds for `count` operations, of the first worker.
#pragma once

#include <ravel/stress.hpp>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

using loop = std::function<void(ravel::trial&, ravel::worker&, std::uint64_t count)>;

inline double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline void say_cost(benchmark::State& state, double seconds, std::uint64_t count) {
  state.counters["ns_per_op"] = seconds * 1e9 / static_cast<double>(count * state.iterations());
}

// One google-benchmark iteration is `count` operations in a run of its own.
inline void in_a_run(benchmark::State& state, std::uint64_t count, std::vector<std::string> without, const loop& work) {
  double total = 0;
  for (auto _ : state) {
    double seconds = 0;
    ravel::stress_options options;
    options.rounds = 1;
    options.round_limit = 100;
    options.isolation = ravel::isolation::none;
    options.without = without;
    const ravel::report report = ravel::stress(options, [&](ravel::trial& trial) {
      trial.threads(1, "bench", [&](ravel::worker& me) {
        work(trial, me, count / 10);  // warm
        seconds = seconds_of([&] { work(trial, me, count); });
      });
      trial.run();
    });
    if (report.verdict != ravel::verdict::clean) state.SkipWithError("the run was not clean");
    state.SetIterationTime(seconds);
    total += seconds;
  }
  say_cost(state, total, count);
}

// The same loop without Ravel around it.
inline void bare(benchmark::State& state, std::uint64_t count, const std::function<void(std::uint64_t)>& work) {
  double total = 0;
  for (auto _ : state) {
    work(count / 10);
    const double seconds = seconds_of([&] { work(count); });
    state.SetIterationTime(seconds);
    total += seconds;
  }
  say_cost(state, total, count);
}
