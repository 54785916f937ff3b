// SPDX-License-Identifier: MIT
// std::lock and std::scoped_lock, which interception sees as lock(A), try(B), try(C): each member may block, on
// top of what was held before the group, and the members order nothing among themselves. A try-lock counts as
// a member when its stack and the stack of the lock below it part inside one call of std::lock (inlined or not).
// That needs debug information or symbols; without them a group's tries stay tries, and a cycle through the
// second member only is missed. In the parent. Cost: a symboliser process for tries that could matter.
#pragma once

#include "locks/lock_memory.hpp"
#include "locks/lock_names.hpp"

namespace ravel::checks {

// What the thread held before the group that this attempt belongs to; 0 when it is an ordinary try-lock, or
// nothing was held.
[[nodiscard]] reference held_before_group(const lock_memory& memory, const lock_tuple& attempt, stack_frames& frames);

}  // namespace ravel::checks
