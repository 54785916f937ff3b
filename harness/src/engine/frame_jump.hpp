// SPDX-License-Identifier: MIT
// Leaves all that lies above a frame of the calling thread's stack, and calls a function from there instead of what
// that frame called: as if the call at pc had been of that function. What the frames between would have done at their
// end is not done. Found by unwinding, so some microseconds. Any thread.
#pragma once

#include <cstdint>

namespace ravel::detail {

// Those that a call leaves as they are, by the unwinder's numbers.
#if defined(__aarch64__)
inline constexpr int kept_registers[] = {19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29};
#else
inline constexpr int kept_registers[] = {3, 6, 12, 13, 14, 15};  // rbx, rbp, r12 to r15
#endif

// Does not return when there is such a frame; call must not return either.
void call_from_frame(std::uintptr_t pc, void (*call)()) noexcept;

}  // namespace ravel::detail
