// SPDX-License-Identifier: MIT
// The start gate lets nobody through before all have arrived, however many threads and cores there are.
#include "workers/gate.hpp"
#include "catch.hpp"

#include <atomic>
#include <thread>
#include <vector>

TEST_CASE("gate: nobody passes before the last has arrived", "[harness]") {
  for (const std::uint32_t cores : {1u, 2u, 8u})
    for (const bool is_serial : {false, true})
      for (const std::uint32_t threads : {1u, 2u, 5u, 20u}) {
        ravel::detail::start_gate gate;
        for (int round = 0; round < 20; ++round) {
          gate.reset(threads, cores, is_serial);
          std::atomic<std::uint32_t> arrived{0}, early{0};
          std::vector<std::thread> all;
          for (std::uint32_t i = 0; i < threads; ++i)
            all.emplace_back([&] {
              ++arrived;
              gate.arrive_and_wait();
              if (arrived.load() != threads) ++early;
            });
          for (std::thread& one : all) one.join();
          REQUIRE(early.load() == 0);
        }
      }
}
