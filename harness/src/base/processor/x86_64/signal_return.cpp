// SPDX-License-Identifier: MIT
// Where signal handlers that were set by the raw system call return to: the exact bytes by which unwinders recognise a
// signal frame.
#if defined(__x86_64__)

asm(R"(
.text
.hidden ravel_signal_return
.globl ravel_signal_return
.type ravel_signal_return,@function
.balign 16
  nop
ravel_signal_return:
  movq $15, %rax
  syscall
.size ravel_signal_return,.-ravel_signal_return
)");

#endif
