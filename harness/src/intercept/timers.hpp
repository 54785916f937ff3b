// SPDX-License-Identifier: MIT
// Timers under control: see timers.cpp.
#pragma once

namespace ravel::detail {

// It is about to be closed.
void forget_timer_descriptor(int descriptor) noexcept;

}  // namespace ravel::detail
