// SPDX-License-Identifier: MIT
// Where pos and rf keep the priority that they drew for a thread's pending event: in strategy_word[0]; 0: to be drawn
// when the thread is next seen ready.
#pragma once

#include "engine/controlled_thread.hpp"

#include <cstdint>

namespace ravel::detail {

[[nodiscard]] inline std::uint64_t& drawn_priority(controlled_thread& thread) noexcept {
  return thread.strategy_word[0];
}

}  // namespace ravel::detail
