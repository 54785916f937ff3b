// SPDX-License-Identifier: MIT
// See lock_groups.hpp.
#include "lock_groups.hpp"

#include <algorithm>

namespace ravel::checks {

namespace {

bool is_group_function(const frame& one) {
  for (const char* name : {"std::lock<", "std::scoped_lock<", "std::__detail::__lock_impl<", "std::__lock_impl<",
                           "boost::lock<", "boost::detail::lock_helper<"})
    if (one.function.find(name) != std::string::npos) return true;
  return false;
}

bool is_in_group(const std::vector<frame>& frames) { return std::ranges::any_of(frames, is_group_function); }

// Two stacks of one thread, innermost first: equal from the outside in up to where they part.
bool part_inside_group(const raw_stack& one, const raw_stack& other, stack_frames& frames) {
  std::uint32_t a = one.depth, b = other.depth;
  while (a != 0 && b != 0 && one.pc[a - 1] == other.pc[b - 1]) --a, --b;
  // At -O0 the parting frame is std::lock itself; inlined, it is the user's function with std::lock in it. A
  // stack that is the other's outer part has no frame of its own left.
  if (a == 0 || b == 0) return false;
  return is_in_group(frames.at(one.pc[a - 1])) && is_in_group(frames.at(other.pc[b - 1]));
}

}  // namespace

reference held_before_group(const lock_memory& memory, const lock_tuple& attempt, stack_frames& frames) {
  const raw_stack& trying = memory.stacks.items[attempt.stack - 1];
  reference held = attempt.held;
  while (held != 0) {
    const held_node& node = memory.node(held);
    if (!part_inside_group(memory.stacks.items[node.stack - 1], trying, frames)) break;
    held = node.below;
  }
  return held == attempt.held ? 0 : held;
}

}  // namespace ravel::checks
