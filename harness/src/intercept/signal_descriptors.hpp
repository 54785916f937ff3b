// SPDX-License-Identifier: MIT
// Descriptors that signals of the process are read from (signalfd). Thread safety: the thread in control.
#pragma once

#include "signal_model.hpp"

namespace ravel::detail {

void note_signal_descriptor(int descriptor, signal_bits mask) noexcept;
void forget_signal_descriptor(int descriptor) noexcept;
// The signals that one of them reads.
[[nodiscard]] signal_bits read_by_descriptors() noexcept;

}  // namespace ravel::detail
