// SPDX-License-Identifier: MIT
// Signals while an input runs. Who runs the inputs has handlers that save the one in flight, and asks in them, through
// a thread-local variable, whether it is in the right thread; user-level switching changes whose thread-local memory
// that is. So each of its handlers is called as if no input ran, the alarm's with its own thread's memory.
#pragma once

namespace ravel::detail {

// After those handlers were set. Once; the thread that runs inputs.
void hand_signals_on() noexcept;

}  // namespace ravel::detail
