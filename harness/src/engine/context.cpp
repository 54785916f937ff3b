// SPDX-License-Identifier: MIT
// See context.hpp. How contexts are made and exchanged: processor/.
#include "context.hpp"

#include "bridge/hidden_memory.hpp"

namespace ravel::detail {

bool can_switch_contexts() noexcept { return !is_under_valgrind(); }

}  // namespace ravel::detail
