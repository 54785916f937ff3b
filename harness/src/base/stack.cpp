// SPDX-License-Identifier: MIT
// See stack.hpp. A frame pointer is followed only upwards and only inside the thread's own stack.
#include "stack.hpp"

#include "processor/processor.hpp"

#include <pthread.h>
#include <unwind.h>

namespace ravel::detail {

namespace {

[[gnu::tls_model("initial-exec")]] thread_local stack_bounds own_bounds;

// frames: those of the functions that the return addresses lead into; null when they are not wanted.
void walk(raw_stack& stack, std::uintptr_t frame, stack_bounds bounds, std::uint32_t skip,
          std::uintptr_t* frames = nullptr) noexcept {
  while (stack.depth < raw_stack::max_depth && frame >= bounds.low && frame + 16 <= bounds.high && frame % 8 == 0) {
    const auto* words = reinterpret_cast<const std::uintptr_t*>(frame);
    const std::uintptr_t above = words[0];
    const std::uintptr_t return_address = plain_address(words[1]);
    if (return_address < 4096) return;
    if (skip != 0) {
      --skip;
    } else {
      if (frames != nullptr) frames[stack.depth] = above;
      stack.pc[stack.depth++] = return_address;
    }
    if (above <= frame) return;
    frame = above;
  }
}

struct unwinding {
  raw_stack stack;
  std::uintptr_t interrupted_pc;
  bool is_past_interruption;
};

_Unwind_Reason_Code on_frame(_Unwind_Context* context, void* argument) {
  auto& state = *static_cast<unwinding*>(argument);
  int is_before_instruction = 0;
  const std::uintptr_t pc = _Unwind_GetIPInfo(context, &is_before_instruction);
  if (pc == 0) return _URC_END_OF_STACK;
  if (!state.is_past_interruption) {
    if (pc != state.interrupted_pc) return _URC_NO_REASON;
    state.is_past_interruption = true;
  }
  if (state.stack.depth == raw_stack::max_depth) return _URC_END_OF_STACK;
  state.stack.pc[state.stack.depth++] = pc + (is_before_instruction != 0 ? 1 : 0);
  return _URC_NO_REASON;
}

}  // namespace

stack_bounds bounds_of_this_thread() noexcept {
  if (own_bounds.high != 0) return own_bounds;
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return {};
  void* low = nullptr;
  std::size_t size = 0;
  pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_destroy(&attributes);
  own_bounds = {reinterpret_cast<std::uintptr_t>(low), reinterpret_cast<std::uintptr_t>(low) + size};
  return own_bounds;
}

void capture_frames(raw_stack& stack, std::uintptr_t* frames, std::uint32_t skip) noexcept {
  stack.depth = 0;
  if (own_bounds.high != 0)
    walk(stack, reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)), own_bounds, skip, frames);
}

void capture_suspended(raw_stack& stack, const void* frame, stack_bounds bounds) noexcept {
  stack.depth = 0;
  if (frame != nullptr) walk(stack, reinterpret_cast<std::uintptr_t>(frame), bounds, 0);
}

void capture_interrupted(raw_stack& stack, const void* ucontext) noexcept {
  stack.depth = 0;
  const machine_place place = interrupted(ucontext);
  stack.pc[stack.depth++] = place.pc + 1;
  walk(stack, place.frame, own_bounds, 0);
}

void improve_by_unwinding(raw_stack& stack, std::uintptr_t interrupted_pc) noexcept {
  unwinding state;
  state.stack.depth = 0;
  state.interrupted_pc = interrupted_pc;
  state.is_past_interruption = interrupted_pc == 0;
  _Unwind_Backtrace(on_frame, &state);
  if (state.stack.depth <= stack.depth) return;
  for (std::uint32_t i = 0; i < state.stack.depth; ++i) stack.pc[i] = state.stack.pc[i];
  stack.depth = state.stack.depth;
}

}  // namespace ravel::detail

namespace ravel {

void capture_stack(raw_stack& stack, std::uint32_t skip) noexcept {
  stack.depth = 0;
  const auto frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  const detail::stack_bounds bounds = detail::own_bounds;
  if (bounds.high != 0)
    detail::walk(stack, frame, bounds, skip);
  else
    stack.pc[stack.depth++] = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
}

}  // namespace ravel
