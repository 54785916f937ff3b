// SPDX-License-Identifier: MIT
// A place where threads may be disturbed: a synchronisation operation. Who disturbs them (workers/noise.cpp) sets the
// maker. Thread safety: set while no disturbed thread runs. Cost: one load when noise is off.
#pragma once

#include <atomic>

namespace ravel::detail {

inline constinit std::atomic<void (*)() noexcept> noise_maker{nullptr};  // null: noise is off

inline void noise_point() noexcept {
  // relaxed: a setting that does not change while threads run
  if (auto* make = noise_maker.load(std::memory_order_relaxed)) make();
}

}  // namespace ravel::detail
