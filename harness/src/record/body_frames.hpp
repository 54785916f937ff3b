// SPDX-License-Identifier: MIT
// The frames that the body's thread is in while its threads run: of variables on its stack they tell whose they are.
// Written by that thread before the others start, read by whoever makes a finding meanwhile. Cost under
// ThreadSanitizer: a stack walk; else a branch.
#pragma once

#include <ravel/raw_stack.hpp>

#include <cstdint>

namespace ravel::detail {

struct body_frames {
  raw_stack stack;
  std::uintptr_t frame[raw_stack::max_depth];  // the frame pointer of the function that stack.pc[i] leads into
};

void note_body_frames() noexcept;
void forget_body_frames() noexcept;

}  // namespace ravel::detail
