// SPDX-License-Identifier: MIT
// Start of a stress round: how far apart two threads' first instructions are, and whether their first
// operations (1 us of work) overlap; against threads that are simply created, and against std::barrier.
// Unit: ns, by a time stamp counter calibrated against the steady clock.
#include "workers/gate.hpp"
#include "measured.hpp"

#include <algorithm>
#include <barrier>
#include <thread>

namespace {

constexpr std::uint64_t rounds = 4'000;

double nanoseconds_per_tick() {
  const auto start = std::chrono::steady_clock::now();
  const std::uint64_t first = ravel::detail::ticks();
  while (std::chrono::steady_clock::now() - start < std::chrono::milliseconds(50)) {
  }
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() /
         static_cast<double>(ravel::detail::ticks() - first);
}

struct start_times {
  std::uint64_t first[2], done[2];
  void operate(unsigned thread, double ns_per_tick) {
    first[thread] = ravel::detail::ticks();
    const auto until = first[thread] + static_cast<std::uint64_t>(1000 / ns_per_tick);
    while (ravel::detail::ticks() < until) ravel::detail::relax();
    done[thread] = ravel::detail::ticks();
  }
};

void report_starts(benchmark::State& state, const std::vector<start_times>& all, double ns_per_tick) {
  std::vector<double> skews;
  std::size_t overlaps = 0;
  for (const start_times& one : all) {
    skews.push_back(static_cast<double>(std::max(one.first[0], one.first[1]) - std::min(one.first[0], one.first[1])) *
                    ns_per_tick);
    overlaps += std::max(one.first[0], one.first[1]) < std::min(one.done[0], one.done[1]) ? 1 : 0;
  }
  std::ranges::sort(skews);
  state.counters["skew_p50_ns"] = skews[skews.size() / 2];
  state.counters["skew_p99_ns"] = skews[skews.size() * 99 / 100];
  state.counters["overlap_percent"] = 100.0 * static_cast<double>(overlaps) / static_cast<double>(all.size());
}

void created_threads(benchmark::State& state) {
  const double scale = nanoseconds_per_tick();
  std::vector<start_times> all(rounds);
  for (auto _ : state)
    for (start_times& one : all) {
      std::thread a([&] { one.operate(0, scale); }), b([&] { one.operate(1, scale); });
      a.join();
      b.join();
    }
  report_starts(state, all, scale);
}
BENCHMARK(created_threads)->Iterations(1)->Unit(benchmark::kMillisecond);

void std_barrier(benchmark::State& state) {
  const double scale = nanoseconds_per_tick();
  std::vector<start_times> all(rounds);
  for (auto _ : state) {
    std::barrier barrier(2);
    const auto work = [&](unsigned thread) {
      for (start_times& one : all) {
        barrier.arrive_and_wait();
        one.operate(thread, scale);
      }
    };
    std::thread a(work, 0), b(work, 1);
    a.join();
    b.join();
  }
  report_starts(state, all, scale);
}
BENCHMARK(std_barrier)->Iterations(1)->Unit(benchmark::kMillisecond);

void stress_rounds(benchmark::State& state) {
  const double scale = nanoseconds_per_tick();
  std::vector<start_times> all(rounds);
  for (auto _ : state) {
    ravel::stress_options options;
    options.rounds = rounds;
    options.isolation = ravel::isolation::none;
    const ravel::report report = ravel::stress(options, [&](ravel::trial& trial) {
      start_times& one = all[trial.number() - 1];
      trial.threads(2, "starter", [&](ravel::worker& me) { one.operate(me.index(), scale); });
      trial.run();
    });
    if (report.verdict != ravel::verdict::clean) state.SkipWithError("the run was not clean");
  }
  report_starts(state, all, scale);
}
BENCHMARK(stress_rounds)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
