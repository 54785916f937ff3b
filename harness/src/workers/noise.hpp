// SPDX-License-Identifier: MIT
// Noise: yields, short sleeps and core migrations that disturb free-running schedules.
// Thread safety: settings change only while no worker runs; each call draws from its thread's own numbers.
// Source: ConTest (Edelstein et al. 2002) for the idea of noise at synchronisation points.
#pragma once

#include <ravel/options.hpp>

#include <cstdint>

namespace ravel::detail {

// To be called before each trial's threads start; the trial's own noise follows from seed and number.
void set_noise(const noise_options& options, std::uint64_t seed, std::uint64_t trial) noexcept;

// Perhaps disturbs the calling thread; returns after how many steps it wants to be asked again.
std::uint64_t make_noise_of(std::uint64_t (&state)[2]) noexcept;

}  // namespace ravel::detail
