// SPDX-License-Identifier: MIT
// x86-64's contexts; see switch.hpp and ../../context.hpp. No CFI for a suspended context is needed: unwinding only
// ever starts in a running one, and ends at ravel_context_start, whose return address is marked undefined.
#if defined(__x86_64__)

#include "engine/context.hpp"

#include <sys/auxv.h>

namespace ravel::detail {

extern "C" {
void ravel_context_start();
void ravel_call_on_stack(void* stack_top, void (*call)(void*), void* argument);
}

// For engine/frame_jump.cpp: rbx, rbp, r12 to r15, sp, pc.
asm(R"(
.text
.hidden ravel_call_in_frame
.globl ravel_call_in_frame
.type ravel_call_in_frame,@function
.balign 16
ravel_call_in_frame:
  movq (%rdi), %rbx
  movq 8(%rdi), %rbp
  movq 16(%rdi), %r12
  movq 24(%rdi), %r13
  movq 32(%rdi), %r14
  movq 40(%rdi), %r15
  movq 48(%rdi), %rsp
  pushq 56(%rdi)
  jmp *%rsi
.size ravel_call_in_frame,.-ravel_call_in_frame
)");

asm(R"(
.text
.hidden ravel_switch_fast
.globl ravel_switch_fast
.type ravel_switch_fast,@function
.balign 16
ravel_switch_fast:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $8, %rsp
  stmxcsr (%rsp)
  fnstcw 4(%rsp)
  movl (%rsp), %eax
  movzwl 4(%rsp), %ecx
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  wrfsbase %rdx
  # Loading the floating-point controls is slow, and both threads have the same as a rule.
  cmpl (%rsp), %eax
  jne 1f
  cmpw 4(%rsp), %cx
  jne 1f
2:
  addq $8, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
1:
  ldmxcsr (%rsp)
  fldcw 4(%rsp)
  jmp 2b
.size ravel_switch_fast,.-ravel_switch_fast

.hidden ravel_switch_by_call
.globl ravel_switch_by_call
.type ravel_switch_by_call,@function
.balign 16
ravel_switch_by_call:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $8, %rsp
  stmxcsr (%rsp)
  fnstcw 4(%rsp)
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  movl $158, %eax
  movl $0x1002, %edi
  movq %rdx, %rsi
  syscall
  ldmxcsr (%rsp)
  fldcw 4(%rsp)
  addq $8, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size ravel_switch_by_call,.-ravel_switch_by_call

.hidden ravel_context_start
.globl ravel_context_start
.type ravel_context_start,@function
.balign 16
ravel_context_start:
  .cfi_startproc
  .cfi_undefined rip
  movq %r13, %rdi
  call *%r12
  ud2
  .cfi_endproc
.size ravel_context_start,.-ravel_context_start

.hidden ravel_call_on_stack
.globl ravel_call_on_stack
.type ravel_call_on_stack,@function
.balign 16
ravel_call_on_stack:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register rbp
  movq %rdi, %rsp
  movq %rdx, %rdi
  call *%rsi
  movq %rbp, %rsp
  popq %rbp
  .cfi_def_cfa rsp, 8
  ret
  .cfi_endproc
.size ravel_call_on_stack,.-ravel_call_on_stack
)");

namespace {

constexpr unsigned long hwcap2_fsgsbase = 2;  // bit 1 of AT_HWCAP2

struct first_frame {  // as ravel_switch_* pops it
  std::uint32_t mxcsr;
  std::uint16_t control_word, unused;
  void* r15;
  void* r14;
  void* r13;
  void* r12;
  void* rbx;
  void* rbp;
  void (*start)();
};

}  // namespace

const bool has_fsgsbase = (getauxval(AT_HWCAP2) & hwcap2_fsgsbase) != 0;

void* make_context(void* stack_top, void (*start)(void*), void* argument) noexcept {
  const auto top = reinterpret_cast<std::uintptr_t>(stack_top) & ~std::uintptr_t{63};
  auto* frame = reinterpret_cast<first_frame*>(top) - 1;
  // A new thread inherits its creator's floating-point environment.
  asm volatile("stmxcsr %0" : "=m"(frame->mxcsr));
  asm volatile("fnstcw %0" : "=m"(frame->control_word));
  frame->unused = 0;
  frame->r15 = frame->r14 = frame->rbx = frame->rbp = nullptr;
  frame->r13 = argument;
  frame->r12 = reinterpret_cast<void*>(start);
  frame->start = ravel_context_start;
  return frame;
}

void call_on_stack(void* stack_top, void (*call)(void*), void* argument) noexcept {
  ravel_call_on_stack(reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(stack_top) & ~std::uintptr_t{63}), call,
                      argument);
}

}  // namespace ravel::detail

#endif
