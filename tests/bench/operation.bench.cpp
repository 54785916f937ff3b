// SPDX-License-Identifier: MIT
// Overhead of one stress operation: worker::repeat and worker::pick against bare loops.
#include "measured.hpp"

namespace {

constexpr std::uint64_t count = 50'000'000;

void bare_loop(benchmark::State& state) {
  bare(state, count, [](std::uint64_t n) {
    for (std::uint64_t i = 0; i < n; ++i) benchmark::DoNotOptimize(i);
  });
}
BENCHMARK(bare_loop)->UseManualTime()->Iterations(5);

void repeat(benchmark::State& state) {
  in_a_run(state, count, {}, [](ravel::trial&, ravel::worker& me, std::uint64_t n) {
    me.repeat(n, [](std::uint64_t i) { benchmark::DoNotOptimize(i); });
  });
}
BENCHMARK(repeat)->UseManualTime()->Iterations(5);

void repeat_and_pick(benchmark::State& state) {
  in_a_run(state, count, {}, [](ravel::trial&, ravel::worker& me, std::uint64_t n) {
    me.repeat(n, [&] { benchmark::DoNotOptimize(me.pick(0, 4)); });
  });
}
BENCHMARK(repeat_and_pick)->UseManualTime()->Iterations(5);

void repeat_and_require(benchmark::State& state) {
  in_a_run(state, count, {}, [](ravel::trial&, ravel::worker& me, std::uint64_t n) {
    me.repeat(n, [&](std::uint64_t i) { me.require(i < n, "below"); });
  });
}
BENCHMARK(repeat_and_require)->UseManualTime()->Iterations(5);

}  // namespace
