// SPDX-License-Identifier: MIT
// Which code is the C++ library's or libc's own. Thread safety: learnt by one thread before others ask. Cost: two
// comparisons for the executable's code.
#pragma once

#include <cstdint>

namespace ravel::detail {

// True when pc lies in a library whose own locks are not the target's business (libstdc++, libc, ...).
[[nodiscard]] bool is_library_code(std::uintptr_t pc) noexcept;
// Reads the loaded modules, once a process.
void learn_library_ranges() noexcept;

}  // namespace ravel::detail
