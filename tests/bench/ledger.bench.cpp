// SPDX-License-Identifier: MIT
// Ledger: acquire and release of one entry, with the stack of the acquisition, against an empty loop.
#include "measured.hpp"

#include <ravel/checks/ledger.hpp>

namespace {

constexpr std::uint64_t count = 2'000'000;

void stack_walk(benchmark::State& state) {
  in_a_run(state, count, {}, [](ravel::trial&, ravel::worker&, std::uint64_t n) {
    ravel::raw_stack stack;
    for (std::uint64_t i = 0; i < n; ++i) {
      ravel::capture_stack(stack);
      benchmark::DoNotOptimize(stack);
    }
  });
}
BENCHMARK(stack_walk)->UseManualTime()->Iterations(5);

void acquire_release(benchmark::State& state) {
  in_a_run(state, count, {}, [](ravel::trial& trial, ravel::worker&, std::uint64_t n) {
    ravel::checks::ledger entries{trial, "bench"};
    for (std::uint64_t i = 0; i < n; ++i) {
      entries.acquired(i % 64);
      entries.released(i % 64);
    }
  });
}
BENCHMARK(acquire_release)->UseManualTime()->Iterations(5);

}  // namespace
