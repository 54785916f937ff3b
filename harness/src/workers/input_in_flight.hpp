// SPDX-License-Identifier: MIT
// The input that the trial in flight is made of, in fuzz mode. Set by the mode before the body runs, on its thread.
#pragma once

#include <ravel/fuzz_input.hpp>

namespace ravel::detail {

// Null: there is none. What it points to stays until the trial has ended.
inline constinit const fuzz_input* input_in_flight = nullptr;

}  // namespace ravel::detail
