// SPDX-License-Identifier: MIT
// Where the executable and its shared libraries lie, so that static objects can be told from those on the heap.
// Process wide. What is opened by dlopen later counts as heap.
#pragma once

namespace ravel::detail {

// Not from hooks; before threads are controlled. Cost: one walk over the loaded objects.
void note_module_ranges() noexcept;

// Thread safe after note_module_ranges(). Cost: O(log modules).
[[nodiscard]] bool is_in_module(const void* address) noexcept;

}  // namespace ravel::detail
