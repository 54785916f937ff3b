// SPDX-License-Identifier: MIT
// What a thread under control does that Ravel cannot control: it is named, never ignored. The call itself is then made
// as the program wrote it. Thread safety: the thread in control. Cost: a finding, once for each place.
#pragma once

#include <cstdint>

namespace ravel::detail {

// Opens a finding: `call` at pc, and what follows from it. Nothing when the caller is not under control.
void tell_uncontrolled(const char* call, const char* consequence, std::uintptr_t pc) noexcept;

}  // namespace ravel::detail
