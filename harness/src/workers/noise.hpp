// SPDX-License-Identifier: MIT
// Noise: yields, short sleeps and core migrations that disturb free-running schedules.
// Thread safety: settings change only while no worker runs; each call draws from its thread's own numbers.
// Source: ConTest (Edelstein et al. 2002) for the idea of noise at synchronisation points.
#pragma once

#include <ravel/options.hpp>

#include <cstdint>

namespace ravel::detail {

// To be called before each trial; its noise follows from seed and number. is_limited: on a machine whose cores are
// taken, where a yield costs a thousand times as much, some trials go without, so that it takes no more than a part of
// the time.
void set_noise(const noise_options& options, std::uint64_t seed, std::uint64_t trial, bool is_limited) noexcept;
// The trial has a thread of its own: from now on there is somebody to be disturbed by.
void noise_begins() noexcept;

// Perhaps disturbs the calling thread; returns after how many steps it wants to be asked again.
std::uint64_t make_noise_of(std::uint64_t (&state)[2]) noexcept;

}  // namespace ravel::detail
