// SPDX-License-Identifier: MIT
// See body_frames.hpp.
#include "body_frames.hpp"

#include "base/stack.hpp"

#include <ravel/finding.hpp>

// Only its runtime has it; the others tell of no addresses.
extern "C" {
[[gnu::weak]] int __tsan_get_report_data(void*, const char**, int*, int*, int*, int*, int*, int*, int*, void**,
                                         unsigned long);
}

namespace ravel::detail {

namespace {

body_frames frames_of_body;
stack_bounds stack_of_body;

}  // namespace

void note_body_frames() noexcept {
  if (__tsan_get_report_data == nullptr) return;
  stack_of_body = bounds_of_this_thread();
  capture_frames(frames_of_body.stack, frames_of_body.frame, 0);
}
void forget_body_frames() noexcept { stack_of_body = {}; }

}  // namespace ravel::detail

namespace ravel {

void tell_memory(raw_finding& finding, const void* address, std::uint32_t bytes, const void* block,
                 std::uint64_t block_bytes) noexcept {
  raw_memory& memory = finding.memory;
  memory.address = reinterpret_cast<std::uintptr_t>(address);
  memory.bytes = bytes;
  memory.block = reinterpret_cast<std::uintptr_t>(block);
  memory.block_bytes = block_bytes;
  const detail::body_frames& body = detail::frames_of_body;
  if (memory.address < detail::stack_of_body.low || memory.address >= detail::stack_of_body.high) return;
  constexpr std::uintptr_t to_caller = 16;  // the frame's own two words: a function's variables lie below
  for (std::uint32_t i = 0; i < body.stack.depth; ++i) {
    if (body.frame[i] == 0 || memory.address >= body.frame[i] + to_caller) continue;
    memory.pc = body.stack.pc[i];
    memory.frame = body.frame[i];
    return;
  }
}

}  // namespace ravel
