// SPDX-License-Identifier: MIT
// When calls begin and end. On free-running threads the cores' own counters tell, because a shared one would order the
// threads and hide bugs; how far apart they are, and how long a store takes to be seen elsewhere, is measured, and
// calls no farther apart than that count as concurrent. Thread safety: measured by one thread. Cost: measured once,
// some ms.
#pragma once

#include <atomic>
#include <cstdint>

namespace ravel::checks::detail {

enum class stamping : std::uint8_t { unknown, steady_counter, shared_counter };

// In shared memory: another process takes part in the measurement.
struct measured_stamps {
  stamping kind;
  std::uint64_t margin;
  std::atomic<std::uint64_t> ping, pong, sent, delay;
};

// Fills in kind and margin.
void measure_stamps(measured_stamps& stamps, bool is_under_valgrind) noexcept;

}  // namespace ravel::checks::detail
