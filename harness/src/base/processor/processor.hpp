// SPDX-License-Identifier: MIT
// What depends on the processor, one folder for each. Its processor.hpp says, in ravel::detail:
//   thread_pointer()     whose thread-local memory it is; the same in a context wherever it runs
//   system_call(n, ...)  the kernel's own answer: a negative error number on failure; errno is not touched, which would
//                        be another thread's while contexts are exchanged, and no interception sees it
//   ticks(), relax()     a clock that all cores share, about a nanosecond to a factor of 4; a pause in a spin loop
//   interrupted(...)     pc, frame pointer and stack pointer that a signal handler's third argument holds
//   plain_address(...)   a return address as it stands in a frame, without a signature in its upper bits
//   restorer_flag, signal_restorer()    where a handler returns to, for a raw rt_sigaction
//   fill_words(...), copy_words(...)    for 32 bytes and more; no call of libc's is made of them
//   exchange_if_equal(...)              on 16 bytes, in one step
// Frames are alike on both: at the frame pointer the caller's, in the word above it the return address.
// How contexts are exchanged: engine/processor. Thread safety: any thread. No state.
#pragma once

#if defined(__x86_64__)
#include "base/processor/x86_64/processor.hpp"
#elif defined(__aarch64__)
#include "base/processor/aarch64/processor.hpp"
#else
// A folder here and one in engine/processor, and one in checks/src/processor.
#error "Ravel knows x86-64 and AArch64 only; harness/src/base/processor/processor.hpp says what it needs of another."
#endif
