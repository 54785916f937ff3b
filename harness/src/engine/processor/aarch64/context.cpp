// SPDX-License-Identifier: MIT
// AArch64's contexts; see switch.hpp and ../../context.hpp. No CFI for a suspended context is needed: unwinding only
// ever starts in a running one, and ends at ravel_context_start, whose return address is marked undefined.
#if defined(__aarch64__)

#include "engine/context.hpp"

namespace ravel::detail {

extern "C" {
void ravel_context_start();
void ravel_call_on_stack(void* stack_top, void (*call)(void*), void* argument);
}

// For engine/frame_jump.cpp: x19 to x29, sp, pc.
asm(R"(
.text
.hidden ravel_call_in_frame
.globl ravel_call_in_frame
.type ravel_call_in_frame,%function
.balign 16
ravel_call_in_frame:
  ldp x19, x20, [x0]
  ldp x21, x22, [x0, #16]
  ldp x23, x24, [x0, #32]
  ldp x25, x26, [x0, #48]
  ldp x27, x28, [x0, #64]
  ldp x29, x9, [x0, #80]
  ldr x30, [x0, #96]
  mov sp, x9
  br x1
.size ravel_call_in_frame,.-ravel_call_in_frame
)");

asm(R"(
.text
.hidden ravel_switch
.globl ravel_switch
.type ravel_switch,%function
.balign 16
ravel_switch:
  sub sp, sp, #176
  stp x19, x20, [sp]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mrs x3, fpcr
  mrs x4, fpsr
  stp x3, x4, [sp, #160]
  mov x5, sp
  str x5, [x0]
  mov sp, x1
  msr tpidr_el0, x2
  // Writing the floating-point controls is slow, and both threads have the same as a rule.
  ldp x5, x6, [sp, #160]
  cmp x3, x5
  ccmp x4, x6, #0, eq
  b.ne 1f
2:
  ldp x19, x20, [sp]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #176
  ret
1:
  msr fpcr, x5
  msr fpsr, x6
  b 2b
.size ravel_switch,.-ravel_switch

.hidden ravel_context_start
.globl ravel_context_start
.type ravel_context_start,%function
.balign 16
ravel_context_start:
  .cfi_startproc
  .cfi_undefined x30
  mov x0, x20
  blr x19
  brk #1
  .cfi_endproc
.size ravel_context_start,.-ravel_context_start

.hidden ravel_call_on_stack
.globl ravel_call_on_stack
.type ravel_call_on_stack,%function
.balign 16
ravel_call_on_stack:
  .cfi_startproc
  stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset x29, -16
  .cfi_offset x30, -8
  mov x29, sp
  .cfi_def_cfa_register x29
  mov sp, x0
  mov x0, x2
  blr x1
  mov sp, x29
  .cfi_def_cfa_register sp
  ldp x29, x30, [sp], #16
  .cfi_restore x29
  .cfi_restore x30
  .cfi_def_cfa_offset 0
  ret
  .cfi_endproc
.size ravel_call_on_stack,.-ravel_call_on_stack
)");

namespace {

struct first_frame {  // as ravel_switch loads it
  void (*x19)(void*);
  void* x20;
  void* x21_to_x28[8];
  void* x29;
  void (*x30)();
  double d8_to_d15[8];
  std::uint64_t fpcr, fpsr;
};
static_assert(sizeof(first_frame) == 176);

}  // namespace

void* make_context(void* stack_top, void (*start)(void*), void* argument) noexcept {
  const auto top = reinterpret_cast<std::uintptr_t>(stack_top) & ~std::uintptr_t{63};
  auto* frame = reinterpret_cast<first_frame*>(top) - 1;
  *frame = {};
  frame->x19 = start;
  frame->x20 = argument;
  frame->x30 = ravel_context_start;
  // A new thread inherits its creator's floating-point environment.
  asm volatile("mrs %0, fpcr" : "=r"(frame->fpcr));
  asm volatile("mrs %0, fpsr" : "=r"(frame->fpsr));
  return frame;
}

void call_on_stack(void* stack_top, void (*call)(void*), void* argument) noexcept {
  ravel_call_on_stack(reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(stack_top) & ~std::uintptr_t{63}), call,
                      argument);
}

}  // namespace ravel::detail

#endif
