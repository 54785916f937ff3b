// SPDX-License-Identifier: MIT
// What the checks need of a processor, one folder for each:
//   system_call(n, ...)  made directly, because the named functions may be intercepted by a sanitizer or by Ravel
//                        itself; the kernel's own answer, a negative error number on failure; errno is not touched
//   relax()              a pause in a spin loop
//   has_steady_counter() the cores count time at one speed
//   counter_before()     that count; nothing that follows has begun
//   counter_after()      that count; what came before has been carried out
// The harness has the same for itself; checks see its public headers only. Thread safety: any thread. No state.
#pragma once

#if defined(__x86_64__)
#include "processor/x86_64/processor.hpp"
#elif defined(__aarch64__)
#include "processor/aarch64/processor.hpp"
#else
#error "Ravel knows x86-64 and AArch64 only; another processor needs a folder in checks/src/processor."
#endif
