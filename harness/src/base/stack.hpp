// SPDX-License-Identifier: MIT
// Stacks of running threads: by frame pointers (fast, async-signal-safe), or by unwind tables (slower,
// follows code built without frame pointers). Thread safety: each thread walks its own stack.
#pragma once

#include <ravel/raw_stack.hpp>

#include <cstdint>

namespace ravel::detail {

struct stack_bounds {
  std::uintptr_t low = 0, high = 0;
};
// Asks pthread once per thread, then a thread-local load.
[[nodiscard]] stack_bounds bounds_of_this_thread() noexcept;

// The stack at the point a signal interrupted. ucontext: the handler's third argument.
void capture_interrupted(raw_stack& stack, const void* ucontext) noexcept;

// The stack of a thread that does not run, from its innermost frame that is known. Its stack must not change meanwhile.
void capture_suspended(raw_stack& stack, const void* frame, stack_bounds bounds) noexcept;

// The calling thread's stack, and the frame pointer of each of its functions: room for raw_stack::max_depth.
void capture_frames(raw_stack& stack, std::uintptr_t* frames, std::uint32_t skip) noexcept;

// By unwind tables; replaces `stack` when that shows more. Not strictly async-signal-safe: use it when the
// process is about to die anyway, after the finding has been published.
void improve_by_unwinding(raw_stack& stack, std::uintptr_t interrupted_pc) noexcept;

}  // namespace ravel::detail
