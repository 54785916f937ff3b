// SPDX-License-Identifier: MIT
// An alternate signal stack, so that a stack overflow can be reported. Each thread for itself.
// Cost: two or three system calls; 256 KiB of address space.
#pragma once

namespace ravel::detail {

// For the calling thread; kept until the process ends. Nothing if the thread has one.
void give_alternate_stack() noexcept;

}  // namespace ravel::detail
