// SPDX-License-Identifier: MIT
// Who runs where a schedule says nothing: the same thread goes on; when it cannot, the ready thread that was created
// first does. What differs from this is what a schedule consists of. Cost: one look at the ready threads when needed.
#pragma once

#include "engine/strategy.hpp"

namespace ravel::detail {

[[nodiscard]] inline controlled_thread* default_choice(const choice& at) noexcept {
  if (at.self_can_go_on) return at.self;
  controlled_thread* first = at.ready[0];
  for (std::uint32_t i = 1; i < at.on_time_count(); ++i)
    if (at.ready[i]->index < first->index) first = at.ready[i];
  return first;
}

}  // namespace ravel::detail
