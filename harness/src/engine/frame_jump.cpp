// SPDX-License-Identifier: MIT
// See frame_jump.hpp. The unwinder knows what the registers that calls keep had in the frame, and where its stack
// ended.
#include "frame_jump.hpp"

#include <unwind.h>

namespace ravel::detail {

namespace {

struct frame_state {
  std::uintptr_t registers[sizeof kept_registers / sizeof kept_registers[0]];
  std::uintptr_t sp, pc;
  bool is_found;
};

_Unwind_Reason_Code find_frame(_Unwind_Context* context, void* argument) {
  auto& state = *static_cast<frame_state*>(argument);
  if (_Unwind_GetIP(context) != state.pc) return _URC_NO_REASON;
  std::uintptr_t* to = state.registers;
  for (const int one : kept_registers) *to++ = _Unwind_GetGR(context, one);
  state.sp = _Unwind_GetCFA(context);
  state.is_found = true;
  return _URC_END_OF_STACK;
}

}  // namespace

extern "C" [[noreturn]] void ravel_call_in_frame(const std::uintptr_t* registers, void (*call)());

void call_from_frame(std::uintptr_t pc, void (*call)()) noexcept {
  frame_state state{};
  state.pc = pc;
  if (pc != 0) _Unwind_Backtrace(find_frame, &state);
  if (state.is_found) ravel_call_in_frame(state.registers, call);
}

}  // namespace ravel::detail
