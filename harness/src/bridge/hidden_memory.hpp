// SPDX-License-Identifier: MIT
// Memory of Ravel's own that Valgrind's tools are to look away from. Main thread of the parent. Nothing outside
// Valgrind.
#pragma once

#include <cstddef>

namespace ravel::detail {

[[nodiscard]] bool is_under_valgrind() noexcept;
void hide_memory_from_tools(void* memory, std::size_t bytes) noexcept;
void forget_hidden_memory(const void* memory) noexcept;  // before it is unmapped

}  // namespace ravel::detail
